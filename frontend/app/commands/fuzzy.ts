import type { Mark } from '#client'

export interface Match {
  /** The larger, the better. */
  score: number
  marks: Mark[]
}

/**
 * How well a text matches what somebody types to find it: every word of it must
 * stand in the text, best at the beginning of a word, at worst as letters in
 * their order. Undefined where it does not.
 */
export function fuzzy(typed: string, text: string): Match | undefined {
  const lower = text.toLowerCase()
  const marks: Mark[] = []
  let score = 0
  for (const word of typed.toLowerCase().split(/\s+/).filter(Boolean)) {
    const found = whole(word, lower) ?? scattered(word, lower)
    if (!found) return undefined
    score += found.score
    marks.push(...found.marks)
  }
  // Of two that match alike the shorter is the more likely one.
  score -= text.length / 1000
  return { score, marks: marks.sort((a, b) => a.start - b.start) }
}

function whole(word: string, text: string): Match | undefined {
  let best = -1
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (best < 0) best = at
    if (!beginsWord(text, at)) continue
    return { score: at === 0 ? 4 : 3, marks: [{ start: at, end: at + word.length }] }
  }
  return best < 0 ? undefined : { score: 2, marks: [{ start: best, end: best + word.length }] }
}

/** The letters of a word in their order, the first of them at the beginning of a word. */
function scattered(word: string, text: string): Match | undefined {
  const letters = Array.from(word)
  for (let start = 0; start < text.length; start++) {
    if (!beginsWord(text, start) || !text.startsWith(letters[0] ?? '', start)) continue
    const marks: Mark[] = []
    let at = start
    for (const letter of letters) {
      const found = text.indexOf(letter, at)
      if (found < 0) break
      at = found + letter.length
      marks.push({ start: found, end: at })
    }
    if (marks.length === letters.length) return { score: 1, marks }
  }
  return undefined
}

function beginsWord(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1))
}

/** Those that match, the best first; of those that match alike, in their order. */
export function bestOf<T>(
  typed: string,
  items: readonly T[],
  textOf: (item: T) => string,
): { item: T; marks: Mark[] }[] {
  if (typed.trim() === '') return items.map((item) => ({ item, marks: [] }))
  return items
    .flatMap((item) => {
      const match = fuzzy(typed, textOf(item))
      return match ? [{ item, ...match }] : []
    })
    .sort((a, b) => b.score - a.score)
}
