import Delta from 'quill-delta'
import type Quill from 'quill/core'

const protocols = new Set(['http:', 'https:', 'mailto:', 'tel:'])
const domain = /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+([/:?#]|$)/u
const mailbox = /^[^\s@/:]+@[^\s@/]+\.[^\s@/]+$/

/** The address that somebody means by what they typed, or null where it is none. */
export function addressOf(typed: string): string | null {
  const text = typed.trim()
  if (mailbox.test(text)) return `mailto:${text}`
  const full = domain.test(text) ? `https://${text}` : text
  try {
    const url = new URL(full)
    return protocols.has(url.protocol) ? url.href : null
  } catch {
    return null
  }
}

export interface LinkRange {
  readonly url: string
  readonly index: number
  readonly length: number
}

/** A link to be edited, or to be made where `url` is empty. */
export interface LinkEdit extends LinkRange {
  readonly quill: Quill
}

/** The link that a position is in, or at the edge of, whatever other formats cut it up. */
export function linkAt(content: Delta, position: number): LinkRange | null {
  const links: LinkRange[] = []
  let at = 0
  for (const op of content.ops) {
    const length = typeof op.insert === 'string' ? op.insert.length : 1
    const url = op.attributes?.['link']
    const last = links.at(-1)
    if (typeof url === 'string' && last?.url === url && last.index + last.length === at) {
      links[links.length - 1] = { ...last, length: last.length + length }
    } else if (typeof url === 'string') {
      links.push({ url, index: at, length })
    }
    at += length
  }
  return (
    links.find((link) => link.index <= position && position <= link.index + link.length) ?? null
  )
}

/** A content without the links that lead nowhere, or run something. */
export function withoutBadLinks(content: Delta): Delta {
  return new Delta(
    content.map((op) => {
      const { link, ...attributes } = op.attributes ?? {}
      if (link === undefined || (typeof link === 'string' && addressOf(link) !== null)) return op
      return { ...op, attributes }
    }),
  )
}
