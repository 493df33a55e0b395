import { getBlame, type BlameRun, type User } from '#client'
import { personKey, type Authors } from './authors'
import type { Paint } from './canvas'

/** An author, with how much of the content is theirs. */
export interface Share {
  readonly key: string
  readonly user: User
  readonly colour: string
  /** From 0 to 1. */
  readonly part: number
}

/** Who wrote what of a revision. */
export class Blame {
  runs = $state.raw<readonly BlameRun[]>()
  /** Which revision `runs` is of. */
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
      this.runs = items
      this.rev = rev
    } catch (error) {
      if (!signal.aborted) this.error = error
    }
  }

  close(): void {
    this.#abort.abort()
  }
}

/** The authors of a content, who wrote most first. */
export function sharesOf(runs: readonly BlameRun[], authors: Authors): Share[] {
  const lengths = new Map<string, { user: User; length: number }>()
  let total = 0
  for (const { user, length } of runs) {
    const key = personKey(user)
    const share = lengths.get(key)
    if (share) share.length += length
    else lengths.set(key, { user, length })
    total += length
  }
  return [...lengths]
    .map(([key, { user, length }]) => {
      return { key, user, colour: authors.colourOf(user), part: length / total }
    })
    .sort((a, b) => b.part - a.part)
}

/** The runs in their authors' colours; where one author is looked at, only theirs. */
export function paintOf(
  runs: readonly BlameRun[],
  authors: Authors,
  only: string | undefined,
): Paint[] {
  return runs.map(({ user, length }) => {
    const hidden = only !== undefined && personKey(user) !== only
    return { length, colour: hidden ? null : authors.colourOf(user) }
  })
}
