import type { Extension } from '@codemirror/state'
import { drawSelection, dropCursor, highlightSpecialChars, placeholder } from '@codemirror/view'
import { words } from '../words/index.svelte'

/** What is pleasant to have while editing, and may come a moment after the text. Reactive. */
export const comforts = (): Extension => [
  highlightSpecialChars(),
  drawSelection(),
  dropCursor(),
  placeholder(words().text.placeholder),
]
