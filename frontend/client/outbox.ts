/** How pending edits get to the server: in the pace and the portions that it takes. */
import type { Environment } from './environment'
import type { Keeper } from './keeper'
import type { Machine } from './machine'
import type { Limits, OpFrame, Refused } from './wire'

/** What a frame takes besides the delta in it. */
const envelopeBytes = 128

interface Post {
  send(frame: OpFrame): void
  limits(): Limits | undefined
  /** The server would refuse this: it is not even asked. */
  refuse(refused: Refused): void
  /** There is nothing to send. */
  idle(): void
}

export class Outbox {
  readonly #machine: Machine
  /** Null where nothing is kept beyond the tab. */
  readonly #keeper: Keeper | null
  readonly #environment: Environment
  readonly #post: Post
  /** What is stored does not cover yet what is about to be sent, see `Machine.restore`. */
  #storesFirst = false
  #isOpen = false
  #sendAfter = 0
  #timer: unknown

  constructor(machine: Machine, keeper: Keeper | null, environment: Environment, post: Post) {
    this.#machine = machine
    this.#keeper = keeper
    this.#environment = environment
    this.#post = post
  }

  /** To be called at each welcome, before anything is sent. */
  open(): void {
    this.#isOpen = true
    this.#sendAfter = 0
  }

  /** To be called when the session has ended. */
  close(): void {
    this.#isOpen = false
    this.#environment.clearTimeout(this.#timer)
  }

  storeFirst(): void {
    this.#storesFirst = true
  }

  /** Sends what has gathered. */
  flush(): void {
    if (!this.#isOpen) return
    this.#environment.clearTimeout(this.#timer)
    const wait = this.#sendAfter - this.#environment.now()
    if (wait > 0) {
      this.#timer = this.#environment.setTimeout(() => this.flush(), wait)
      return
    }
    const limits = this.#post.limits()
    if (limits && this.#outgrows(limits)) {
      // Not at once: the editor is in the midst of the edit that is to be taken back.
      this.#timer = this.#environment.setTimeout(() => this.#refuseBuffer(limits), 0)
      return
    }
    const budget = limits && Math.min(limits.delta, limits.frame - envelopeBytes)
    if (this.#machine.flush(budget)) {
      if (this.#machine.isInParts) this.#storesFirst = true
      this.transmit()
    } else {
      this.#post.idle()
    }
  }

  /** Sends what is in flight, or once more after a reconnect. */
  transmit(): void {
    if (!this.#isOpen) return
    if (this.#keeper && this.#storesFirst) {
      this.#keeper.changed()
      this.#keeper.whenStored(() => {
        this.#storesFirst = false
        this.transmit()
      })
      return
    }
    const frame = this.#machine.outgoing()
    if (!frame) return
    const rate = this.#post.limits()?.rate
    this.#sendAfter = this.#environment.now() + (rate ? 1000 / rate : 0)
    this.#post.send(frame)
  }

  /** Whether the server would refuse what is pending, after taking some of it where it is split. */
  #outgrows({ document }: Limits): boolean {
    const { length, unacknowledged } = this.#machine
    return length > document && unacknowledged.changeLength() > 0
  }

  #refuseBuffer({ document }: Limits): void {
    if (!this.#isOpen || !this.#machine.flush()) return
    const seq = this.#machine.outgoing()?.seq ?? 0
    const message = `the document would have more than ${document} units`
    this.#post.refuse({ t: 'refused', seq, code: 'document_too_large', message })
  }
}
