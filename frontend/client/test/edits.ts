import Delta from 'quill-delta'
import type { Random } from './random'

/** Marks of which each is written once: astral, so that a cut within a pair would show. */
export class Tokens {
  #count = 0

  next(): string {
    return String.fromCodePoint(0x20000 + this.#count++)
  }
}

export function tokensIn(content: Delta): string[] {
  return content.ops.flatMap(({ insert }) =>
    typeof insert === 'string' ? Array.from(insert) : [(insert as { token: string }).token],
  )
}

/** A random edit of a content made of tokens, as the builders of quill-delta make it. */
export function randomEdit(
  content: Delta,
  tokens: Tokens,
  random: Random,
  { isRich = false, forbidden = '' } = {},
): Delta {
  const characters = content.ops.flatMap(({ insert }) =>
    typeof insert === 'string' ? Array.from(insert) : [null],
  )
  const delta = new Delta()
  const attributes = () =>
    isRich && random.chance(0.4) ? { [random.pick(['bold', 'color'])]: random.below(3) } : undefined
  for (let at = 0, parts = 1 + random.below(3); parts > 0; parts--) {
    const pass = random.below(characters.length - at + 1)
    for (const character of characters.slice(at, at + pass)) delta.retain(character?.length ?? 1)
    at += pass
    const choice = random.below(isRich ? 5 : 3)
    if (choice <= 1) {
      delta.insert((random.chance(0.05) ? forbidden : '') + tokens.next(), attributes())
    } else if (choice === 3) {
      delta.insert({ token: tokens.next() }, attributes())
    } else {
      const range = characters.slice(at, at + 1 + random.below(3))
      for (const character of range) {
        const length = character?.length ?? 1
        if (choice === 2) delta.delete(length)
        else delta.retain(length, { bold: random.chance(0.5) ? null : random.below(3) })
      }
      at += range.length
    }
  }
  return delta
}

/** One spelling for a content, however it was composed. */
export function canonical(content: Delta): Delta['ops'] {
  return content.reduce((result, op) => result.push(op), new Delta()).ops
}
