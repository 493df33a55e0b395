/** Text of both directions: each line is set in that of its own first letters. */
import type { Extension, Range } from '@codemirror/state'
import { Decoration, EditorView, ViewPlugin, type DecorationSet } from '@codemirror/view'

const automatic = Decoration.line({ attributes: { dir: 'auto' } })
const toTheLeft = Decoration.line({ attributes: { dir: 'rtl' } })

/** A ticked box before a text from right to left: the letter in the box would decide for the line. */
const tickedToTheLeft =
  /^\s*(?:[-*+]|\d+[.)])\s+\[[xX]\]\P{L}*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u

/** Whether the first letter of a line says where it reads to. */
export function decidesItself(text: string): boolean {
  return !tickedToTheLeft.test(text)
}

function visibleLines({ state, visibleRanges }: EditorView): DecorationSet {
  const lines: Range<Decoration>[] = []
  for (const { from, to } of visibleRanges) {
    for (let at = from; at <= to;) {
      const line = state.doc.lineAt(at)
      lines.push((decidesItself(line.text) ? automatic : toTheLeft).range(line.from))
      at = line.to + 1
    }
  }
  return Decoration.set(lines)
}

const lines = ViewPlugin.define(
  (view) => ({
    decorations: visibleLines(view),
    update({ docChanged, viewportChanged, view }) {
      if (docChanged || viewportChanged) this.decorations = visibleLines(view)
    },
  }),
  { decorations: ({ decorations }) => decorations },
)

/** For prose. */
export const ownDirections: Extension = [EditorView.perLineTextDirection.of(true), lines]

/** For code, which reads from left to right wherever the page begins. */
export const leftToRight: Extension = EditorView.contentAttributes.of({ dir: 'ltr' })
