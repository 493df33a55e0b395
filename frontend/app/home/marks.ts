import type { Mark } from '#client'

export interface Piece {
  text: string
  marked: boolean
}

/** Cuts a text where marks begin and end. Marks beyond it, as of an older text, mark nothing. */
export function pieces(text: string, marks: readonly Mark[] = []): Piece[] {
  const all: Piece[] = []
  let at = 0
  const add = (to: number, marked: boolean) => {
    if (to > at) all.push({ text: text.slice(at, to), marked })
    at = Math.max(at, to)
  }
  for (const { start, end } of marks) {
    add(Math.min(start, text.length), false)
    add(Math.min(end, text.length), true)
  }
  add(text.length, false)
  return all
}
