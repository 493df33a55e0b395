import { getBlame } from '#client'
import { passagesOf, type Passage } from './shares'

/** Who wrote what of a revision. */
export class Blame {
  passages = $state.raw<readonly Passage[]>()
  /** Which revision `passages` is of. */
  rev = $state<number>()
  error = $state.raw<unknown>()
  readonly #id: string
  #abort = new AbortController()

  constructor(id: string) {
    this.#id = id
  }

  async load(rev: number): Promise<void> {
    this.#abort.abort()
    const { signal } = (this.#abort = new AbortController())
    this.error = undefined
    try {
      const { items } = await getBlame(this.#id, { rev }, { signal })
      if (signal.aborted) return
      this.passages = passagesOf(items)
      this.rev = rev
    } catch (error) {
      if (!signal.aborted) this.error = error
    }
  }

  close(): void {
    this.#abort.abort()
  }
}
