/** Something that the server is asked for, and asked again: what it said last stays until it says something else. */
export class Loaded<T> {
  value = $state.raw<T>()
  error = $state.raw<unknown>()
  readonly #ask: () => Promise<T>
  #asked = 0

  constructor(ask: () => Promise<T>) {
    this.#ask = ask
  }

  /** Only the answer to the last question counts. */
  async load(): Promise<void> {
    const turn = ++this.#asked
    try {
      const value = await this.#ask()
      if (turn !== this.#asked) return
      this.value = value
      this.error = undefined
    } catch (error) {
      if (turn === this.#asked) this.error = error
    }
  }
}

/** Runs something now and then while the page is looked at, until the function that it returns is called. */
export function whileVisible(run: () => void, every: number): () => void {
  const look = () => {
    if (document.visibilityState === 'visible') run()
  }
  look()
  const timer = setInterval(look, every)
  document.addEventListener('visibilitychange', look)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
  }
}
