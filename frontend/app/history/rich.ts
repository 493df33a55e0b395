import Delta from 'quill-delta'
import { words } from '../words/index.svelte'
import { blocksOf, type Block, type Piece } from './blocks'
import type { Canvas, Paint } from './canvas'
import { renderBlock } from './render'
import { afterOf, lengthOf, segmentsOf, type Segment } from './segments'

/** A rich text of the past as elements; of a change only the blocks that it touches are made anew. */
export class RichCanvas implements Canvas {
  readonly #page: HTMLElement
  #content = new Delta()
  #blocks: Block[] = []
  #keys: string[] = []

  constructor(parent: HTMLElement) {
    this.#page = document.createElement('div')
    this.#page.className = 'history-page'
    this.#page.tabIndex = 0
    this.#page.setAttribute('role', 'document')
    this.#page.setAttribute('aria-label', words().history.textThen)
    parent.append(this.#page)
  }

  show(segments: readonly Segment[]): void {
    this.#content = contentOf(afterOf(segments))
    this.#draw(segments)
  }

  apply(change: Delta, colour: string): void {
    const segments = segmentsOf(this.#content, change).filter(({ mark }) => mark !== 'deleted')
    this.#content = this.#content.compose(change)
    const pieces = segments.map(({ insert, attributes, mark }) => ({
      insert,
      ...(attributes && { attributes }),
      ...(mark === 'inserted' && { colour }),
    }))
    this.#draw(pieces)
    const fresh = this.#page.querySelectorAll('.history-fresh')
    fresh[fresh.length - 1]?.scrollIntoView({ block: 'nearest' })
  }

  paint(runs: readonly Paint[] | null): void {
    const pieces: Piece[] = []
    let at = 0
    for (const [i, { length, colour }] of (runs ?? []).entries()) {
      for (const op of this.#content.slice(at, at + length).ops) {
        if (op.insert === undefined) continue
        const { insert, attributes } = op
        pieces.push({
          insert,
          ...(attributes && { attributes }),
          ...(colour !== null && { colour, run: i }),
        })
      }
      at += length
    }
    this.#draw(runs ? pieces : afterOf(this.#content.ops as Segment[]))
  }

  goTo(at: number): void {
    let left = at
    const i = this.#blocks.findIndex(({ length }) => (left -= length) < 0)
    const block = this.#page.children[i === -1 ? this.#blocks.length - 1 : i]
    const mark = block?.querySelector('ins, del, .history-formatted')
    ;(mark ?? block)?.scrollIntoView({ block: 'center' })
  }

  destroy(): void {
    this.#page.remove()
  }

  #draw(pieces: readonly Piece[]): void {
    const { formats, image } = words().history
    const blocks = blocksOf(pieces)
    const keys = blocks.map((block) => JSON.stringify(block))
    const [olds, shorter] = [this.#keys, Math.min(this.#keys.length, keys.length)]
    let start = 0
    while (start < shorter && olds[start] === keys[start]) start++
    let end = 0
    while (end < shorter - start && olds.at(-1 - end) === keys.at(-1 - end)) end++
    const gone = [...this.#page.children].slice(start, olds.length - end)
    const follower = this.#page.children[olds.length - end] ?? null
    for (const element of gone) element.remove()
    for (const block of blocks.slice(start, blocks.length - end)) {
      const element = renderBlock(block, { formatted: formats, image })
      this.#page.insertBefore(element, follower)
    }
    this.#blocks = blocks
    this.#keys = keys
  }
}

function contentOf(segments: readonly Segment[]): Delta {
  const content = new Delta()
  for (const segment of segments) {
    if (lengthOf(segment) > 0) content.insert(segment.insert, segment.attributes)
  }
  return content
}
