/** The outermost blocks of a Markdown text, kept up to date as the text changes. */
import { DocInput } from '@codemirror/language'
import type { ChangeDesc, Text } from '@codemirror/state'
import { TreeFragment, type SyntaxNode, type Tree } from '@lezer/common'
import { GFM, parser, type BlockContext, type Line, type MarkdownConfig } from '@lezer/markdown'

/** A paragraph, a list, a table …, as a place in the text: `to` is behind its last letter. */
export interface Block {
  readonly from: number
  readonly to: number
  readonly name: string
}

/** What became of the blocks: `removed` of them at `start` were replaced by `inserted` others. */
export interface Splice {
  readonly start: number
  readonly removed: number
  readonly inserted: number
}

/** Formulas between lines that begin with `$$`: what is in them is no list, whatever it looks like. */
const math: MarkdownConfig = {
  defineNodes: [{ name: 'MathBlock', block: true }],
  parseBlock: [
    {
      name: 'MathBlock',
      before: 'FencedCode',
      parse(context: BlockContext, line: Line) {
        if (!line.text.startsWith('$$', line.pos)) return false
        const from = context.lineStart + line.pos
        let isClosed = /\S\s*\$\$\s*$/.test(line.text.slice(line.pos + 2))
        while (!isClosed && context.nextLine()) isClosed = /\$\$\s*$/.test(line.text)
        context.nextLine()
        context.addElement(context.elt('MathBlock', from, Math.max(from, context.prevLineEnd())))
        return true
      },
    },
  ],
}

/** Of what is within a line only the marks of tasks are wanted, which are cheap. */
const inline = ['Escape', 'Entity', 'InlineCode', 'HTMLTag', 'Emphasis', 'HardBreak', 'Link']
const blockParser = parser.configure([
  GFM,
  math,
  { remove: [...inline, 'Image', 'LinkEnd', 'Autolink', 'Strikethrough'] },
])

export class Blocks {
  #text: Text
  #fragments: readonly TreeFragment[] = []
  #list: readonly Block[] = []

  constructor(text: Text) {
    this.#text = text
    this.#parse()
    this.#list = [...blocksOf(this.#tree)]
  }

  #tree!: Tree

  get list(): readonly Block[] {
    return this.#list
  }

  get text(): Text {
    return this.#text
  }

  /** What a block says. */
  source({ from, to }: Block): string {
    return this.#text.sliceString(from, to)
  }

  /** Where the marks of the tasks in a block are, `[ ]` or `[x]` each. */
  tasks({ from, to }: Block): number[] {
    const found: number[] = []
    this.#tree.iterate({
      from,
      to,
      enter: (node) => {
        if (node.name === 'TaskMarker') found.push(node.from)
      },
    })
    return found
  }

  /** The block that a position is in, or the last one before it; -1 before the first. */
  at(position: number): number {
    let [low, high] = [0, this.#list.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#list[middle] as Block).from <= position) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** Takes the text as it is after some changes. Costs little where little was changed. */
  update(text: Text, changes: ChangeDesc): Splice {
    const ranges: { fromA: number; toA: number; fromB: number; toB: number }[] = []
    changes.iterChangedRanges((fromA, toA, fromB, toB) => ranges.push({ fromA, toA, fromB, toB }))
    const [first, last] = [ranges[0], ranges.at(-1)]
    if (!first || !last) return { start: 0, removed: 0, inserted: 0 }

    this.#text = text
    this.#fragments = TreeFragment.applyChanges(this.#fragments, ranges)
    this.#parse()
    const before = this.#list
    const after = [...blocksOf(this.#tree)]
    this.#list = after

    const shift = last.toB - last.toA
    const most = Math.min(before.length, after.length)
    let start = 0
    while (start < most && isSame(before[start], after[start], 0, first.fromA)) start++
    let end = 0
    while (end < most - start && isSame(before.at(-1 - end), after.at(-1 - end), shift)) {
      if ((before.at(-1 - end)?.from ?? 0) <= last.toA) break
      end++
    }
    return { start, removed: before.length - start - end, inserted: after.length - start - end }
  }

  #parse(): void {
    this.#tree = blockParser.parse(new DocInput(this.#text), this.#fragments)
    this.#fragments = TreeFragment.addTree(this.#tree, this.#fragments)
  }
}

function isSame(a: Block | undefined, b: Block | undefined, shift: number, until = Infinity) {
  return (
    !!a &&
    !!b &&
    a.name === b.name &&
    a.from + shift === b.from &&
    a.to + shift === b.to &&
    a.to < until
  )
}

function* blocksOf(tree: Tree): Generator<Block> {
  for (let node: SyntaxNode | null = tree.topNode.firstChild; node; node = node.nextSibling) {
    yield { from: node.from, to: node.to, name: node.name }
  }
}
