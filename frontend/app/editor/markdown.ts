import { markdownKeymap, markdownLanguage, pasteURLAsLink } from '@codemirror/lang-markdown'
import {
  bidiIsolates,
  Language,
  LanguageDescription,
  LanguageSupport,
  ParseContext,
  syntaxTree,
} from '@codemirror/language'
import { Prec, type Range } from '@codemirror/state'
import {
  Decoration,
  keymap,
  ViewPlugin,
  type DecorationSet,
  type EditorView,
} from '@codemirror/view'
import { NodeProp } from '@lezer/common'
import { MarkdownParser, parseCode } from '@lezer/markdown'
import { languages } from '../languages'

const codeLanguages = languages.flatMap(({ id, alias = [], load }) =>
  load ? [LanguageDescription.of({ name: id, alias, load })] : [],
)

/** The parser of the code in a fence, loaded when there is such a fence. */
function codeParser(info: string) {
  const name = /^\S*/.exec(info)?.[0] ?? ''
  const found = name && LanguageDescription.matchLanguageName(codeLanguages, name, true)
  if (!found) return null
  return found.support?.language.parser ?? ParseContext.getSkippingParser(found.load())
}

/**
 * GitHub's Markdown, with the code in its fences highlighted. Not by `markdown()`
 * of lang-markdown, which comes with the parsers of HTML, CSS and JavaScript:
 * half of all the script that the page would load.
 */
export function support(): LanguageSupport {
  const { parser: base } = markdownLanguage
  if (!(base instanceof MarkdownParser)) throw new TypeError('another @lezer/markdown')
  const parser = base.configure([
    parseCode({ codeParser }),
    // They stay in one piece in lines that run from right to left.
    { props: [NodeProp.isolate.add({ InlineCode: 'ltr', URL: 'ltr' })] },
  ])
  // With its data, by which the commands for lists know that they are in Markdown.
  const language = new Language(markdownLanguage.data, parser, [], 'markdown')
  return new LanguageSupport(language, [
    Prec.high(keymap.of(markdownKeymap)),
    pasteURLAsLink,
    bidiIsolates(),
    columns,
  ])
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
