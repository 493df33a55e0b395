/** Rendered Markdown in the page, block by block: those in sight, and those that have been. */
import type { ChangeDesc, Text } from '@codemirror/state'
import { Blocks, type Block } from './blocks'
import { enhance } from './enhance'
import { referencesIn, render, type References } from './render'

/** So many are rendered at once; of more, those that come into sight. */
const fewBlocks = 150

export class Pane {
  readonly blocks: Blocks
  readonly #parent: HTMLElement
  readonly #observer: IntersectionObserver
  readonly #rendered = new WeakSet<Element>()
  readonly #onRendered: () => void
  #elements: HTMLElement[] = []
  #definitions = ''
  #references: References = {}

  /** `onRendered` is called when something took its true height. */
  constructor(parent: HTMLElement, text: Text, onRendered: () => void) {
    this.#parent = parent
    this.#onRendered = onRendered
    this.blocks = new Blocks(text)
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries), {
      root: parent.parentElement,
      rootMargin: '100% 0%',
    })
    this.#readDefinitions()
    this.#insert(0, this.blocks.list)
  }

  /** How many blocks there are. */
  get length(): number {
    return this.#elements.length
  }

  destroy(): void {
    this.#observer.disconnect()
  }

  element(index: number): HTMLElement | undefined {
    return this.#elements[index]
  }

  indexOf(element: Element): number {
    return this.#elements.indexOf(element as HTMLElement)
  }

  update(text: Text, changes: ChangeDesc): void {
    const { start, removed, inserted } = this.blocks.update(text, changes)
    const gone = this.#elements.splice(start, removed)
    const wasRendered = gone.some((element) => this.#rendered.has(element))
    for (const element of gone) {
      this.#observer.unobserve(element)
      element.remove()
    }
    this.#insert(start, this.blocks.list.slice(start, start + inserted), wasRendered)
    if (this.#readDefinitions()) this.#renderLinksAnew()
  }

  #insert(start: number, blocks: readonly Block[], atOnce = false): void {
    const before = this.#elements[start] ?? null
    const elements = blocks.map((block) => this.#placeholder(block))
    this.#elements.splice(start, 0, ...elements)
    for (const element of elements) this.#parent.insertBefore(element, before)
    if (this.#elements.length <= fewBlocks || (atOnce && blocks.length <= fewBlocks)) {
      for (const [index, element] of elements.entries()) this.#render(start + index, element)
    } else {
      for (const element of elements) this.#observer.observe(element)
    }
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

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    let isNew = false
    for (const { target, isIntersecting } of entries) {
      const index = isIntersecting ? this.indexOf(target) : -1
      if (index < 0) continue
      this.#observer.unobserve(target)
      this.#render(index, target as HTMLElement)
      isNew = true
    }
    if (isNew) this.#onRendered()
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
