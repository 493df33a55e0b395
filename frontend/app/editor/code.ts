import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete'
import { indentWithTab } from '@codemirror/commands'
import { bracketMatching, indentOnInput } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import {
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  rectangularSelection,
} from '@codemirror/view'

export const numbers: Extension = [lineNumbers(), highlightActiveLineGutter()]

/** What code is edited with, beyond what every text has. */
export const code: Extension = [
  highlightActiveLine(),
  rectangularSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion(),
  // Tab indents; after Escape it leaves the editor, for those without a mouse.
  keymap.of([...closeBracketsKeymap, ...completionKeymap, indentWithTab]),
]
