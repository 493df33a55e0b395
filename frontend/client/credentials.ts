/** What a document shows the server to be let in, and how it stays in. */
import type { Environment } from './environment'
import { renewalOf, tokenOr, type Token } from './token'

/** Between two tokens of one session, in milliseconds; a longer time than a timer takes is none. */
const shortestRenewal = 1_000
const longestRenewal = 2 ** 31 - 1

export class Credentials {
  readonly #token: Token | undefined
  readonly #environment: Environment
  readonly #send: (token: string) => void
  /** The token of the last hello, and the one that the server took no more. */
  #shown: string | undefined
  #refused: string | undefined
  #timer: unknown
  #isIn = false

  constructor(token: Token | undefined, environment: Environment, send: (token: string) => void) {
    this.#token = token
    this.#environment = environment
    this.#send = send
  }

  /** The token for a hello, or the promise of one where they are to be asked for. */
  show(): string | undefined | Promise<string | undefined> {
    const token = tokenOr(this.#token)
    return typeof token === 'function' ? this.#ask(token) : token
  }

  /** Where tokens can be asked for, one that has ended is renewed; a new one that is refused is no use. */
  mayRenew(): boolean {
    const isFirst = this.#refused === undefined
    this.#refused = this.#shown
    this.#shown = undefined
    return isFirst && this.#refused !== undefined
  }

  /** To be called at each welcome: from now on another token is shown in good time. */
  letIn(): void {
    this.#refused = undefined
    this.#isIn = true
    this.#renewInTime()
  }

  /** To be called when the session has ended. */
  leave(): void {
    this.#isIn = false
    this.#environment.clearTimeout(this.#timer)
  }

  async #ask(ask: Exclude<Token, string>): Promise<string | undefined> {
    this.#shown = await ask(this.#refused)
    return this.#shown
  }

  /** So that the session outlives the token that it began with. */
  #renewInTime(): void {
    const ask = tokenOr(this.#token)
    if (typeof ask !== 'function' || this.#shown === undefined) return
    const now = this.#environment.now()
    const wait = Math.max(renewalOf(this.#shown, now) - now, shortestRenewal)
    if (wait > longestRenewal) return
    this.#environment.clearTimeout(this.#timer)
    this.#timer = this.#environment.setTimeout(() => void this.#renew(ask), wait)
  }

  async #renew(ask: Exclude<Token, string>): Promise<void> {
    const before = this.#shown
    // Where there is none now, the server says so when the old one ends.
    const token = await Promise.resolve(ask()).catch(() => before)
    if (!this.#isIn || this.#shown !== before || token === undefined) return
    if (token !== before) this.#send(token)
    this.#shown = token
    this.#renewInTime()
  }
}
