/** Rendered Markdown in the page, block by block: those in sight, and those that have been. */
import type { ChangeDesc, Text } from '@codemirror/state'
import { Blocks, type Block } from './blocks'
import { enhance } from './enhance'
import { referencesIn, render, type References } from './render'

/**
 * The blocks stand in sections, of so many at first: one that changes has the
 * browser lay out its own section anew, and not tens of thousands of blocks.
 */
const sectionSize = 64

function section(blocks: readonly Element[]): HTMLElement {
  const element = document.createElement('div')
  element.append(...blocks)
  return element
}

export class Pane {
  readonly blocks: Blocks
  readonly #parent: HTMLElement
  readonly #scroller: HTMLElement
  readonly #stop = new AbortController()
  readonly #rendered = new WeakSet<Element>()
  readonly #onRendered: () => void
  #elements: HTMLElement[] = []
  #definitions = ''
  #references: References = {}
  #frame = 0

  /** `onRendered` is called when something took its true height. */
  constructor(parent: HTMLElement, scroller: HTMLElement, text: Text, onRendered: () => void) {
    this.#parent = parent
    this.#scroller = scroller
    this.#onRendered = onRendered
    this.blocks = new Blocks(text)
    this.#readDefinitions()
    this.#insert(0, this.blocks.list)
    this.#renderSight()
    const options = { passive: true, signal: this.#stop.signal }
    scroller.addEventListener('scroll', () => this.#renderSoon(), options)
    addEventListener('resize', () => this.#renderSoon(), options)
  }

  /** How many blocks there are. */
  get length(): number {
    return this.#elements.length
  }

  destroy(): void {
    this.#stop.abort()
    cancelAnimationFrame(this.#frame)
  }

  element(index: number): HTMLElement | undefined {
    return this.#elements[index]
  }

  /** The last block that begins at a height or above it; -1 where none does. */
  atHeight(height: number): number {
    let [low, high] = [0, this.#elements.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#elements[middle] as HTMLElement).offsetTop <= height) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  indexOf(element: Element): number {
    return this.#elements.indexOf(element as HTMLElement)
  }

  update(text: Text, changes: ChangeDesc): void {
    const { start, removed, inserted } = this.blocks.update(text, changes)
    const gone = this.#elements.splice(start, removed)
    for (const element of gone) this.#remove(element)
    this.#insert(start, this.blocks.list.slice(start, start + inserted))
    if (this.#readDefinitions()) this.#renderLinksAnew()
    this.#renderSight()
  }

  #insert(start: number, blocks: readonly Block[]): void {
    const elements = blocks.map((block) => this.#placeholder(block))
    const before = this.#elements[start] ?? null
    this.#elements.splice(start, 0, ...elements)
    const home = before?.parentElement ?? this.#parent.lastElementChild
    if (home && elements.length <= sectionSize) {
      for (const element of elements) home.insertBefore(element, before)
      return
    }
    const next = before && this.#splitBefore(before)
    for (let at = 0; at < elements.length; at += sectionSize) {
      this.#parent.insertBefore(section(elements.slice(at, at + sectionSize)), next)
    }
  }

  /** Makes a block the first of a section. */
  #splitBefore(block: HTMLElement): Element {
    const home = block.parentElement as HTMLElement
    const blocks = [...home.children]
    const tail = blocks.splice(blocks.indexOf(block))
    if (blocks.length === 0) return home
    const split = section(tail)
    home.after(split)
    return split
  }

  #remove(block: HTMLElement): void {
    const home = block.parentElement
    block.remove()
    if (home && !home.hasChildNodes()) home.remove()
  }

  /** About as high as what it stands for. */
  #placeholder({ from, to, name }: Block): HTMLElement {
    const element = document.createElement('div')
    element.className = 'block'
    const { text } = this.blocks
    const lines = text.lineAt(to).number - text.lineAt(from).number + 1
    const margin = name.includes('Heading') ? 2.4 : 1
    element.style.minHeight = `${Math.max(lines, (to - from) / 80) * 1.65 + margin}em`
    return element
  }

  #renderSoon(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame(() => {
      if (this.#renderSight()) this.#onRendered()
    })
  }

  /** Renders what is in sight or nearly so. Returns whether there was anything. */
  #renderSight(): boolean {
    // An observer of each block would cost more in each frame than all else here.
    const { scrollTop, clientHeight } = this.#scroller
    const end = scrollTop + 2 * clientHeight
    let isNew = false
    for (let at = Math.max(0, this.atHeight(scrollTop - clientHeight)); ; at++) {
      const element = this.#elements[at]
      if (!element || element.offsetTop > end) return isNew
      if (this.#rendered.has(element)) continue
      this.#render(at, element)
      isNew = true
    }
  }

  #render(index: number, element: HTMLElement): void {
    const block = this.blocks.list[index]
    if (!block) return
    this.#rendered.add(element)
    element.style.minHeight = ''
    element.replaceChildren(render(this.blocks.source(block), this.#references))
    void enhance(element).then(this.#onRendered)
  }

  /** Whether the named targets of links have changed. */
  #readDefinitions(): boolean {
    const definitions = this.blocks.list
      .filter(({ name }) => name === 'LinkReference')
      .map((block) => this.blocks.source(block))
      .join('\n')
    if (definitions === this.#definitions) return false
    this.#definitions = definitions
    this.#references = referencesIn(definitions)
    return true
  }

  #renderLinksAnew(): void {
    for (const [index, element] of this.#elements.entries()) {
      const block = this.blocks.list[index]
      if (!block || !this.#rendered.has(element)) continue
      if (this.blocks.source(block).includes('[')) this.#render(index, element)
    }
  }
}
