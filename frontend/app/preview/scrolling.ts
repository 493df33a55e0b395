/** Keeps a text and its preview at the same lines, whichever of the two is scrolled. */
import type { EditorView } from '@codemirror/view'
import type { Pane } from './pane'

/** What tells on which side somebody is. */
const signs = ['pointerdown', 'pointermove', 'wheel', 'touchstart', 'focusin', 'keydown'] as const

export class Scrolling {
  readonly #view: EditorView
  readonly #pane: Pane
  readonly #preview: HTMLElement
  readonly #stop = new AbortController()
  #leader: 'editor' | 'preview' = 'editor'

  constructor(view: EditorView, pane: Pane, preview: HTMLElement) {
    this.#view = view
    this.#pane = pane
    this.#preview = preview
    const options = { passive: true, signal: this.#stop.signal }
    for (const sign of signs) {
      view.dom.addEventListener(sign, () => (this.#leader = 'editor'), options)
      preview.addEventListener(sign, () => (this.#leader = 'preview'), options)
    }
    view.scrollDOM.addEventListener('scroll', () => this.follow(), options)
    preview.addEventListener('scroll', () => this.follow(), options)
  }

  destroy(): void {
    this.#stop.abort()
  }

  /** Takes the side that nobody is on to where the other is. */
  follow(): void {
    if (this.#leader === 'editor') this.#followEditor()
    else this.#followPreview()
  }

  /** Shows the part of the preview that a position in the text belongs to. */
  reveal(position: number): void {
    this.#scrollPreview(this.#view.state.doc.lineAt(position).number, 0.25)
  }

  #followEditor(): void {
    const { scrollDOM, documentTop, state } = this.#view
    if (isAtEnd(scrollDOM)) {
      this.#preview.scrollTop = this.#preview.scrollHeight
      return
    }
    const height = scrollDOM.getBoundingClientRect().top - documentTop
    const { from, top, height: lineHeight } = this.#view.lineBlockAtHeight(height)
    const part = Math.min(1, Math.max(0, (height - top) / lineHeight))
    this.#scrollPreview(scrollDOM.scrollTop === 0 ? 0 : state.doc.lineAt(from).number + part)
  }

  /** `line` counts from 1 and may have a fraction; `offset` is how far down, of the height. */
  #scrollPreview(line: number, offset = 0): void {
    const { doc } = this.#view.state
    const position = doc.line(Math.min(doc.lines, Math.max(1, Math.floor(line)))).from
    const index = this.#pane.blocks.at(Math.min(position, this.#pane.blocks.text.length))
    const element = this.#pane.element(index)
    let top = 0
    if (element && line > 0) {
      const { first, count } = this.#lines(index)
      const part = Math.min(1, Math.max(0, (line - first) / count))
      top = element.offsetTop + part * element.offsetHeight
    }
    this.#preview.scrollTop = top - offset * this.#preview.clientHeight
  }

  #followPreview(): void {
    const { scrollDOM, state } = this.#view
    if (isAtEnd(this.#preview)) {
      scrollDOM.scrollTop = scrollDOM.scrollHeight
      return
    }
    const top = this.#preview.scrollTop
    const index = this.#pane.atHeight(top)
    const element = this.#pane.element(index)
    if (!element) {
      scrollDOM.scrollTop = 0
      return
    }
    const { first, count } = this.#lines(index)
    const line = first + Math.min(1, (top - element.offsetTop) / element.offsetHeight) * count
    const number = Math.min(state.doc.lines, Math.floor(line))
    const block = this.#view.lineBlockAt(state.doc.line(number).from)
    const padding = this.#view.documentPadding.top
    scrollDOM.scrollTop = block.top + padding + (line - number) * block.height
  }

  #lines(index: number): { first: number; count: number } {
    const { list, text } = this.#pane.blocks
    const block = list[index] ?? { from: 0, to: 0 }
    const first = text.lineAt(block.from).number
    return { first, count: text.lineAt(block.to).number - first + 1 }
  }
}

function isAtEnd({ scrollTop, scrollHeight, clientHeight }: HTMLElement): boolean {
  return scrollTop > 0 && scrollTop + clientHeight >= scrollHeight - 1
}
