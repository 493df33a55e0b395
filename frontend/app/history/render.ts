/** Blocks as elements. Whatever people wrote is set as text, and addresses are looked at first. */
import type { AttributeMap } from 'quill-delta'
import type { Block, Line, Piece } from './blocks'

/** What marked pieces are called for those who point at them. */
export interface Labels {
  formatted: (formats: readonly string[]) => string
  image: string
}

export function renderBlock(block: Block, labels: Labels): HTMLElement {
  switch (block.type) {
    case 'list':
      return renderList(block.lines, labels)
    case 'code':
      return renderCode(block.lines, labels)
    case 'table':
      return renderTable(block.lines, labels)
    case 'text':
      return renderText(block.lines[0] ?? { pieces: [], formats: {}, end: null }, labels)
  }
}

function renderText(line: Line, labels: Labels): HTMLElement {
  const { header, blockquote } = line.formats
  const level = typeof header === 'number' && header >= 1 && header <= 6 ? header : 0
  const element = create(level ? `h${level}` : blockquote ? 'blockquote' : 'p')
  return fill(element, line, labels)
}

function renderList(lines: readonly Line[], labels: Labels): HTMLElement {
  const list = create('ul')
  const counts: number[] = []
  for (const line of lines) {
    const indent = indentOf(line.formats)
    const kind = String(line.formats['list'])
    const item = create(
      'li',
      `list-${/^(ordered|checked|unchecked)$/.test(kind) ? kind : 'bullet'}`,
    )
    counts.length = Math.min(counts.length, indent + 1)
    counts[indent] = kind === 'ordered' ? (counts[indent] ?? 0) + 1 : 0
    if (kind === 'ordered') item.dataset['number'] = `${counts[indent]}.`
    list.append(fill(item, line, labels))
  }
  return list
}

function renderCode(lines: readonly Line[], labels: Labels): HTMLElement {
  const block = create('pre')
  for (const line of lines) block.append(fill(create('div'), line, labels))
  return block
}

function renderTable(lines: readonly Line[], labels: Labels): HTMLElement {
  const table = create('table')
  let row: HTMLElement | undefined
  let current: unknown
  for (const line of lines) {
    if (!row || line.formats['table'] !== current) {
      row = create('tr')
      table.append(row)
      current = line.formats['table']
    }
    row.append(fill(create('td'), line, labels))
  }
  return table
}

/** Puts a line into its element, with its alignment, its indent and what became of its end. */
function fill(element: HTMLElement, { pieces, formats, end }: Line, labels: Labels): HTMLElement {
  for (const piece of pieces) element.append(renderPiece(piece, labels))
  const { align, direction } = formats
  if (typeof align === 'string' && /^(center|right|justify)$/.test(align)) {
    element.style.textAlign = align === 'right' ? 'end' : align
  }
  element.dir = direction === 'rtl' ? 'rtl' : 'auto'
  const indent = indentOf(formats)
  if (indent > 0) element.style.marginInlineStart = `${indent * 2}em`
  if (end?.mark === 'formatted') {
    element.classList.add('history-formatted')
    element.title = labels.formatted(end.formats ?? [])
  } else if (end?.mark && (end.mark === 'deleted' || pieces.length === 0)) {
    element.append(renderPiece({ ...end, insert: '¶' }, labels))
  }
  if (!element.hasChildNodes()) element.append(document.createElement('br'))
  return element
}

function renderPiece(piece: Piece, labels: Labels): Node {
  const { insert, attributes = {}, mark, run, colour } = piece
  let node: Node =
    typeof insert === 'string' ? document.createTextNode(insert) : renderEmbed(insert, labels)
  for (const [name, value] of Object.entries(attributes)) node = format(node, name, value)
  if (mark === 'inserted') node = wrap(node, 'ins', 'history-inserted')
  if (mark === 'deleted') node = wrap(node, 'del', 'history-deleted')
  if (mark === 'formatted') {
    const element = wrap(node, 'span', 'history-formatted')
    element.title = labels.formatted(piece.formats ?? [])
    node = element
  }
  if (colour !== undefined) {
    const element = wrap(node, 'span', run === undefined ? 'history-fresh' : 'history-run')
    element.style.setProperty('--author', colour)
    if (run !== undefined) element.dataset['run'] = String(run)
    node = element
  }
  return node
}

const tags: Readonly<Record<string, string>> = {
  bold: 'strong',
  italic: 'em',
  underline: 'u',
  strike: 's',
  code: 'code',
}

/** A colour by name, by digits or as a function of numbers: nothing that could load. */
const colourValue = /^(#[0-9a-f]{3,8}|[a-z]{1,30}|(rgb|hsl)a?\([\d\s.,%/]{1,60}\))$/i

function format(node: Node, name: string, value: unknown): Node {
  const tag = tags[name]
  if (tag !== undefined) return value ? wrap(node, tag) : node
  if (typeof value !== 'string') return node
  if (name === 'link' && isSafe(value, /^(https?|mailto|tel):$/)) {
    const link = wrap(node, 'a') as HTMLAnchorElement
    link.href = value
    link.target = '_blank'
    link.rel = 'noopener noreferrer'
    return link
  }
  if (name === 'script') return /^(sub|super)$/.test(value) ? wrap(node, value.slice(0, 3)) : node
  if ((name === 'color' || name === 'background') && colourValue.test(value)) {
    const element = wrap(node, 'span')
    element.style.setProperty(name === 'color' ? 'color' : 'background-color', value)
    return element
  }
  if ((name === 'font' || name === 'size') && /^(serif|monospace|small|large|huge)$/.test(value)) {
    return wrap(node, 'span', `${name}-${value}`)
  }
  return node
}

function renderEmbed(embed: Record<string, unknown>, labels: Labels): Node {
  const { image } = embed
  if (typeof image === 'string' && isPicture(image)) {
    const element = create('img') as HTMLImageElement
    element.src = image
    element.alt = labels.image
    element.loading = 'lazy'
    return element
  }
  const value = Object.values(embed)[0]
  const element = create('code')
  element.textContent = typeof value === 'string' ? value : JSON.stringify(embed)
  return element
}

function isPicture(address: string): boolean {
  return /^data:image\/(png|jpeg|gif|webp);/i.test(address) || isSafe(address, /^https?:$/)
}

function isSafe(address: string, protocol: RegExp): boolean {
  const base = typeof location === 'undefined' ? 'http://localhost' : location.origin
  return URL.canParse(address, base) && protocol.test(new URL(address, base).protocol)
}

function indentOf({ indent }: AttributeMap): number {
  return typeof indent === 'number' ? Math.max(0, Math.min(8, indent)) : 0
}

function wrap(node: Node, tag: string, className?: string): HTMLElement {
  const element = create(tag, className)
  element.append(node)
  return element
}

function create(tag: string, className?: string): HTMLElement {
  const element = document.createElement(tag)
  if (className !== undefined) element.className = className
  return element
}
