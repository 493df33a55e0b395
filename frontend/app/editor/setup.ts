import { defaultKeymap } from '@codemirror/commands'
import { EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  dropCursor,
  EditorView,
  highlightSpecialChars,
  keymap,
  placeholder,
  type KeyBinding,
} from '@codemirror/view'
import { findLanguage, isProse } from '../languages'
import { words } from '../words/index.svelte'
import { theme } from './theme'

/** Loads the search when it is first asked for, and opens it. */
const searchOnDemand: KeyBinding = {
  key: 'Mod-f',
  run: (view) => {
    void import('./search').then(({ openSearch }) => openSearch(view))
    return true
  },
}

/** What every text is edited with, whatever its language. */
export const basics = (): Extension => [
  highlightSpecialChars(),
  drawSelection(),
  dropCursor(),
  EditorState.allowMultipleSelections.of(true),
  theme,
  EditorView.contentAttributes.of({ 'aria-label': words().text.documentText }),
  placeholder(words().text.placeholder),
  keymap.of([searchOnDemand, ...defaultKeymap]),
]

/** What text in a language is edited with; for code, that and the parser are loaded. */
export async function languageExtensions(name: string): Promise<Extension> {
  const parser = findLanguage(name)?.load?.()
  const habits = isProse(name) ? EditorView.lineWrapping : (await import('./code')).code
  return [habits, (await parser) ?? []]
}

/** For text that may be read, selected and searched, but not changed. */
export const readOnly: Extension = [
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.contentAttributes.of({ tabindex: '0', 'aria-readonly': 'true' }),
]
