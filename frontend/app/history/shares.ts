/** Who wrote how much of a content. */
import type { BlameRun, User } from '#client'
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

/** A stretch that one person wrote at one time; a run of blame is often a single letter. */
export interface Passage {
  readonly length: number
  readonly user: User
  /** When the last of it was written, in Unix milliseconds. */
  readonly at: number
}

/** What a person wrote with longer pauses in between are passages of their own. */
const pauseBetween = 5 * 60_000

export function passagesOf(runs: readonly BlameRun[]): Passage[] {
  const passages: { length: number; user: User; at: number }[] = []
  for (const { length, user, at } of runs) {
    const last = passages.at(-1)
    const joins =
      last && personKey(last.user) === personKey(user) && Math.abs(at - last.at) <= pauseBetween
    if (joins) {
      last.length += length
      last.at = Math.max(last.at, at)
    } else {
      passages.push({ length, user, at })
    }
  }
  return passages
}

/** The authors of a content, who wrote most first. */
export function sharesOf(passages: readonly Passage[], authors: Authors): Share[] {
  const lengths = new Map<string, { user: User; length: number }>()
  let total = 0
  for (const { user, length } of passages) {
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

/** The passages in their authors' colours; where one author is looked at, only theirs. */
export function paintOf(
  passages: readonly Passage[],
  authors: Authors,
  only: string | undefined,
): Paint[] {
  return passages.map(({ user, length }) => {
    const hidden = only !== undefined && personKey(user) !== only
    return { length, colour: hidden ? null : authors.colourOf(user) }
  })
}
