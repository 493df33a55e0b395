/** Two texts beside each other, what differs marked and what does not folded away. */
import { MergeView } from '@codemirror/merge'
import { Compartment, EditorState, Text } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { coloured } from '../editor/setup'
import { words } from '../words/index.svelte'
import { reader } from './text'

export function sideBySide(
  parent: HTMLElement,
  language: string,
  before: string,
  after: string,
): MergeView {
  const said = words().history
  const parser = new Compartment()
  const side = (text: string, label: string) => ({
    doc: Text.of(text.split('\n')),
    extensions: [
      EditorView.contentAttributes.of({ 'aria-label': label }),
      reader(language),
      parser.of([]),
      EditorState.phrases.of({ '$ unchanged lines': said.unchangedLines }),
    ],
  })
  const view = new MergeView({
    parent,
    a: side(before, said.olderVersion),
    b: side(after, said.newerVersion),
    collapseUnchanged: { margin: 3, minSize: 6 },
    // Two large texts that have little in common must not hold the page up.
    diffConfig: { scanLimit: 500, timeout: 500 },
  })
  coloured(language).then(
    (colours) => {
      for (const editor of [view.a, view.b]) {
        editor.dispatch({ effects: parser.reconfigure(colours) })
      }
    },
    () => undefined,
  )
  return view
}
