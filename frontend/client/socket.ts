/**
 * A connection that comes back: one WebSocket at a time, opened again with
 * exponential backoff and full jitter. It knows when to retry and when to stop,
 * and nothing of what the frames mean.
 */
import type { Environment, Socket } from './environment'
import { anotherPerson } from './state'
import { subprotocol, type Bye, type ClientFrame, type ServerFrame } from './wire'

/** What the client does about the end of a socket. */
export type Verdict =
  | 'retry'
  /** Retry, asking for the whole content. */
  | 'refetch'
  /** Retry, as a new client. */
  | 'rekey'
  | 'stop'

const verdicts = new Map<number, Verdict>([
  [1000, 'stop'],
  [1002, 'stop'],
  [1007, 'stop'],
  [1009, 'stop'],
  [4400, 'stop'],
  [4401, 'stop'],
  [4403, 'stop'],
  [4404, 'stop'],
  [4409, 'refetch'],
  [4410, 'stop'],
  [4411, 'rekey'],
  [4500, 'stop'],
  [anotherPerson, 'stop'],
])

/** Codes that are not in the contract, such as 1006 for a cut line, are worth a retry. */
export function verdictOn(code: number): Verdict {
  return verdicts.get(code) ?? 'retry'
}

export type ConnectionState =
  | { readonly status: 'closed' }
  | { readonly status: 'connecting' }
  | { readonly status: 'waiting'; readonly retryAt: number }
  | { readonly status: 'stopped'; readonly code: number; readonly reason: string }

export interface ConnectionHandlers {
  /** The first frame of each socket, or the promise of it. */
  hello(): ClientFrame | Promise<ClientFrame>
  receive(frame: ServerFrame): void
  /** Called where the server wants another log-in or token: whether there may be one. */
  mayRenew(): boolean
  /** Called at the end of a socket, before anything is tried again. */
  ended(verdict: Verdict): void
  changed(state: ConnectionState): void
}

// All in milliseconds.
const firstBackoff = 500
const longestBackoff = 15_000
/** A connection that held this long was a good one: backoff starts anew after it. */
const steadyAfter = 10_000
const openWithin = 15_000
/** The first frame may hold a large document, on a slow line. */
const welcomeWithin = 60_000
/** Well within the 60 s after which the server cuts who sends nothing. */
const pingAfter = 25_000
const answerWithin = 15_000
/** After a sign that the network has changed, one wants to know soon. */
const probeWithin = 5_000

/** As browsers say it: the socket ended without a closing handshake. */
const abnormal = 1006
const unauthorized = 4401

export class Connection {
  readonly #url: string
  readonly #handlers: ConnectionHandlers
  readonly #environment: Environment
  #socket: Socket | null = null
  #state: ConnectionState = { status: 'closed' }
  #attempt = 0
  /** The server asked not to be tried before. */
  #notBefore = 0
  #welcomedAt: number | null = null
  #heardAt = 0
  #sentAt = 0
  #pings = 0
  /** Whether anything came after the last ping. */
  #answered = false
  /** The one thing waited for: a retry, an opening, a welcome, the next ping, its answer. */
  #timer: unknown
  #forgetWake: (() => void) | null = null

  constructor(url: string, handlers: ConnectionHandlers, environment: Environment) {
    this.#url = url
    this.#handlers = handlers
    this.#environment = environment
  }

  open(): void {
    if (this.#state.status === 'connecting') return
    this.#forgetWake ??= this.#environment.onWake(() => this.#wake())
    this.#connect()
  }

  close(): void {
    this.#drop()
    this.#rest({ status: 'closed' })
  }

  /** Starts again on a new socket: at once, or with backoff after an error. */
  restart({ backoff }: { backoff: boolean }): void {
    if (this.#state.status !== 'connecting') return
    if (backoff) {
      this.#end(abnormal, 'restarted')
    } else {
      this.#drop()
      this.#connect()
    }
  }

  /** Ends for good, as if the server had said so. */
  stop(code: number, reason: string): void {
    this.#end(code, reason)
  }

  send(frame: ClientFrame): void {
    this.#sentAt = this.#environment.now()
    this.#socket?.send(JSON.stringify(frame))
  }

  #connect(): void {
    this.#wait(openWithin, () => this.#end(abnormal, 'no answer'))
    const unlessDropped =
      <Values extends unknown[]>(handle: (...values: Values) => void) =>
      (...values: Values) => {
        if (socket === this.#socket) handle(...values)
      }
    const socket = this.#environment.connect(this.#url, subprotocol, {
      opened: unlessDropped(() => {
        this.#wait(welcomeWithin, () => this.#end(abnormal, 'no welcome'))
        const hello = this.#handlers.hello()
        if (hello instanceof Promise) {
          hello.then(
            unlessDropped((frame: ClientFrame) => this.send(frame)),
            unlessDropped(() => this.#end(abnormal, 'no token')),
          )
        } else {
          this.send(hello)
        }
      }),
      received: unlessDropped((data: string) => this.#receive(data)),
      closed: unlessDropped((code: number, reason: string) => this.#end(code, reason)),
    })
    this.#socket = socket
    this.#welcomedAt = null
    this.#become({ status: 'connecting' })
  }

  #receive(data: string): void {
    this.#heardAt = this.#environment.now()
    this.#answered = true
    let frame: ServerFrame
    try {
      frame = JSON.parse(data) as ServerFrame
    } catch {
      this.#end(abnormal, 'a frame that is no JSON')
      return
    }
    if (frame.t === 'bye') {
      this.#end(frame.code, frame.reason, frame)
      return
    }
    if (frame.t === 'welcome') {
      this.#welcomedAt = this.#heardAt
      this.#watch()
    }
    this.#handlers.receive(frame)
  }

  /** Pings a silent peer, and gives up one that does not answer: a half-open socket never closes. */
  #watch(): void {
    const silence = this.#environment.now() - Math.min(this.#heardAt, this.#sentAt)
    if (silence < pingAfter) this.#wait(pingAfter - silence, () => this.#watch())
    else this.#probe(answerWithin)
  }

  #probe(within: number): void {
    this.#answered = false
    this.send({ t: 'ping', n: ++this.#pings })
    this.#wait(within, () => {
      if (this.#answered) this.#watch()
      else this.#end(abnormal, 'no answer to a ping')
    })
  }

  #wake(): void {
    if (this.#state.status === 'waiting') {
      this.#attempt = 0
      if (this.#environment.now() >= this.#notBefore) this.#connect()
    } else if (this.#welcomedAt !== null) {
      this.#probe(probeWithin)
    }
  }

  #end(code: number, reason: string, bye?: Bye): void {
    const now = this.#environment.now()
    if (this.#welcomedAt !== null && now - this.#welcomedAt >= steadyAfter) this.#attempt = 0
    this.#drop()
    const verdict = code === unauthorized && this.#handlers.mayRenew() ? 'retry' : verdictOn(code)
    this.#handlers.ended(verdict)
    if (verdict === 'stop') {
      this.#rest({ status: 'stopped', code, reason })
      return
    }
    const backoff =
      this.#environment.random() * Math.min(longestBackoff, firstBackoff * 2 ** this.#attempt++)
    const delay = (bye?.retryAfter ?? 0) * 1000 + backoff
    this.#notBefore = bye?.retryAfter ? now + delay : 0
    this.#wait(delay, () => this.#connect())
    this.#become({ status: 'waiting', retryAt: now + delay })
  }

  /** Lets go of the socket: nothing that it still does is heard. */
  #drop(): void {
    this.#environment.clearTimeout(this.#timer)
    this.#welcomedAt = null
    const socket = this.#socket
    this.#socket = null
    socket?.close(1000)
  }

  #rest(state: ConnectionState): void {
    this.#forgetWake?.()
    this.#forgetWake = null
    this.#attempt = 0
    this.#become(state)
  }

  #wait(ms: number, callback: () => void): void {
    this.#environment.clearTimeout(this.#timer)
    this.#timer = this.#environment.setTimeout(callback, ms)
  }

  #become(state: ConnectionState): void {
    this.#state = state
    this.#handlers.changed(state)
  }
}
