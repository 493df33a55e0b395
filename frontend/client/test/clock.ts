interface Timer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

/** Time that passes only when it is told to. */
export class Clock {
  #now = 1_000_000
  #order = 0
  readonly #timers = new Set<Timer>()

  now = (): number => this.#now

  setTimeout = (callback: () => void, ms: number): unknown => {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, callback }
    this.#timers.add(timer)
    return timer
  }

  clearTimeout = (timer: unknown): void => {
    this.#timers.delete(timer as Timer)
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size
  }

  /** Lets time pass; what is set meanwhile and falls due goes off too. */
  pass(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      let next: Timer | undefined
      for (const timer of this.#timers) {
        if (timer.at > end) continue
        if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) {
          next = timer
        }
      }
      if (!next) break
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
    }
    this.#now = end
  }
}
