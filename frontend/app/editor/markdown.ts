import { markdown, markdownLanguage } from '@codemirror/lang-markdown'
import { LanguageDescription, LanguageSupport, syntaxTree } from '@codemirror/language'
import type { Range } from '@codemirror/state'
import { Decoration, ViewPlugin, type DecorationSet, type EditorView } from '@codemirror/view'
import { languages } from '../languages'

/** GitHub's Markdown, with the code in its fences highlighted by language, loaded as they appear. */
export function support(): LanguageSupport {
  const codeLanguages = languages.flatMap(({ id, alias = [], load }) =>
    load ? [LanguageDescription.of({ name: id, alias, load })] : [],
  )
  const { language, support } = markdown({ base: markdownLanguage, codeLanguages })
  return new LanguageSupport(language, [support, columns])
}

const inColumns = new Set(['FencedCode', 'CodeBlock', 'Table'])
const line = Decoration.line({ class: 'cm-columns' })

/** Marks the lines whose letters have to stand below each other: code and tables. */
const columns = ViewPlugin.define((view) => new Columns(view), {
  decorations: ({ decorations }) => decorations,
})

class Columns {
  decorations: DecorationSet
  #tree

  constructor(view: EditorView) {
    this.#tree = syntaxTree(view.state)
    this.decorations = columnsIn(view)
  }

  update({ view, viewportChanged }: { view: EditorView; viewportChanged: boolean }): void {
    const tree = syntaxTree(view.state)
    if (tree === this.#tree && !viewportChanged) return
    this.#tree = tree
    this.decorations = columnsIn(view)
  }
}

function columnsIn(view: EditorView): DecorationSet {
  const lines: Range<Decoration>[] = []
  const { doc } = view.state
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter(node) {
        if (!inColumns.has(node.name)) return true
        const end = Math.min(node.to, to)
        for (let at = Math.max(node.from, from); at <= end;) {
          const { from: start, to: stop } = doc.lineAt(at)
          lines.push(line.range(start))
          at = stop + 1
        }
        return false
      },
    })
  }
  return Decoration.set(lines, true)
}
