/** Lets things through in their order, and keeps them back while somebody holds it. */
export class Gate<Item> {
  readonly #pass: (item: Item) => void
  #waiting: Item[] = []
  #holds = 0

  constructor(pass: (item: Item) => void) {
    this.#pass = pass
  }

  enter(item: Item): void {
    if (this.#holds > 0) this.#waiting.push(item)
    else this.#pass(item)
  }

  /** Holds it until the function that this returns is called. */
  hold(): () => void {
    let isHeld = true
    this.#holds++
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#holds--
      this.#open()
    }
  }

  /** Forgets what waits. */
  clear(): void {
    this.#waiting = []
  }

  #open(): void {
    // Taken one by one: what passes may hold it again, or clear it.
    while (this.#holds === 0) {
      const item = this.#waiting.shift()
      if (item === undefined) return
      this.#pass(item)
    }
  }
}
