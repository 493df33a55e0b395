import { defaultKeymap } from '@codemirror/commands'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap, type KeyBinding } from '@codemirror/view'
import { findLanguage, isProse } from '../languages'
import type { Settings } from '../settings/settings.svelte'
import { toast } from '../ui/toasts.svelte'
import { words } from '../words/index.svelte'
import { leftToRight, ownDirections } from './bidi'
import { theme } from './theme'

type Search = typeof import('./search')

/** Loads the search when it is first asked for, and does something with it. */
export function search(view: EditorView, open: (search: Search) => (view: EditorView) => void) {
  import('./search').then(
    (search) => open(search)(view),
    () => toast({ text: words().text.searchNotLoaded }),
  )
  return true
}

const searchOnDemand: KeyBinding[] = [
  { key: 'Mod-f', run: (view) => search(view, ({ openSearch }) => openSearch) },
  { key: 'Mod-Alt-g', run: (view) => search(view, ({ openGoToLine }) => openGoToLine) },
]

/** What every text is edited with, whatever its language. */
export const basics = (): Extension => [
  EditorState.allowMultipleSelections.of(true),
  theme,
  keymap.of([...searchOnDemand, ...defaultKeymap]),
]

/** What the editor says, in the person's language. */
export const spoken = (): Extension => [
  EditorState.phrases.of(words().text.phrases),
  EditorView.contentAttributes.of({ 'aria-label': words().text.documentText }),
]

/** The parser of a language and the colours of what it finds; both are loaded. */
export async function coloured(name: string): Promise<Extension> {
  const parser = findLanguage(name)?.load?.()
  if (!parser) return []
  const [support, { highlighting }] = await Promise.all([parser, import('./highlighter')])
  return [support, highlighting]
}

/** What text in a language is edited with; for code, that and the parser are loaded. */
export async function languageExtensions(name: string): Promise<Extension> {
  const colours = coloured(name)
  const habits = isProse(name) ? ownDirections : [leftToRight, (await import('./code')).code]
  return [habits, await colours]
}

/** How the person wants to edit it. */
export async function habitExtensions(
  name: string,
  { wrap, lineNumbers }: Pick<Settings, 'wrap' | 'lineNumbers'>,
): Promise<Extension> {
  const isWanted = (habit: Settings['wrap'], otherwise: boolean) =>
    habit === 'auto' ? otherwise : habit === 'on'
  return [
    isWanted(wrap, isProse(name)) ? EditorView.lineWrapping : [],
    isWanted(lineNumbers, !isProse(name)) ? (await import('./code')).numbers : [],
  ]
}

/** For text that may be read, selected and searched, but not changed. */
export const readOnly: Extension = [
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.contentAttributes.of({ tabindex: '0', 'aria-readonly': 'true' }),
]
