/** A stretch of a message: plain, a name that is called, or an address. */
export interface Part {
  readonly kind: 'text' | 'mention' | 'link'
  readonly text: string
}

const address = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/gu

/**
 * Cuts a message at the names called in it, `@Ada Lovelace`, and at web
 * addresses. The longest of the names that fits is the one that is meant.
 */
export function partsOf(text: string, names: readonly string[]): Part[] {
  const parts: Part[] = []
  let from = 0
  const add = (kind: Part['kind'], to: number) => {
    if (to > from) parts.push({ kind, text: text.slice(from, to) })
    from = Math.max(from, to)
  }
  for (const { start, end, kind } of marks(text, names)) {
    if (start < from) continue
    add('text', start)
    add(kind, end)
  }
  add('text', text.length)
  return parts
}

/** Whether a name is called in a message. */
export function mentions(text: string, name: string): boolean {
  return called(text, [name]).length > 0
}

interface Mark {
  start: number
  end: number
  kind: 'mention' | 'link'
}

function marks(text: string, names: readonly string[]): Mark[] {
  const links = [...text.matchAll(address)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
    kind: 'link' as const,
  }))
  return [...links, ...called(text, names)].sort((a, b) => a.start - b.start)
}

function called(text: string, names: readonly string[]): Mark[] {
  const longestFirst = names.filter(Boolean).sort((a, b) => b.length - a.length)
  const found: Mark[] = []
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (/[\p{L}\p{N}_]$/u.test(text.slice(0, at))) continue // an address of mail
    const rest = text.slice(at + 1).toLowerCase()
    const name = longestFirst.find(
      (name) =>
        rest.startsWith(name.toLowerCase()) && !/^[\p{L}\p{N}_]/u.test(rest.slice(name.length)),
    )
    if (name) found.push({ start: at, end: at + 1 + name.length, kind: 'mention' })
  }
  return found
}

/** The beginning of a name that is being called at the caret, without its sign; else undefined. */
export function beingCalled(text: string, caret: number): string | undefined {
  return /(?:^|[^\p{L}\p{N}_])@([\p{L}\p{N}_ ]{0,30})$/u.exec(text.slice(0, caret))?.[1]
}
