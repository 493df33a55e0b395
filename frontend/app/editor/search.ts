import { gotoLine, openSearchPanel, search, searchKeymap } from '@codemirror/search'
import { StateEffect } from '@codemirror/state'
import { keymap, type EditorView } from '@codemirror/view'

const searchable = new WeakSet<EditorView>()

/** Opens the search panel, in a view that need not have been set up for it. */
export function openSearch(view: EditorView): void {
  prepare(view)
  openSearchPanel(view)
}

/** Asks for a line, and goes there. */
export function openGoToLine(view: EditorView): void {
  prepare(view)
  gotoLine(view)
}

function prepare(view: EditorView): void {
  if (searchable.has(view)) return
  searchable.add(view)
  const extensions = [search({ top: true }), keymap.of(searchKeymap)]
  view.dispatch({ effects: StateEffect.appendConfig.of(extensions) })
}
