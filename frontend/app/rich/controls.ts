/** What the toolbar and the palette offer to do with the text. */
import AlignCenter from '@lucide/svelte/icons/text-align-center'
import AlignEnd from '@lucide/svelte/icons/text-align-end'
import AlignJustify from '@lucide/svelte/icons/text-align-justify'
import Bold from '@lucide/svelte/icons/bold'
import Code from '@lucide/svelte/icons/code'
import Image from '@lucide/svelte/icons/image-plus'
import Indent from '@lucide/svelte/icons/list-indent-increase'
import Italic from '@lucide/svelte/icons/italic'
import Link from '@lucide/svelte/icons/link'
import List from '@lucide/svelte/icons/list'
import ListChecks from '@lucide/svelte/icons/list-checks'
import ListOrdered from '@lucide/svelte/icons/list-ordered'
import Outdent from '@lucide/svelte/icons/list-indent-decrease'
import Redo from '@lucide/svelte/icons/redo-2'
import RemoveFormatting from '@lucide/svelte/icons/remove-formatting'
import RightToLeft from '@lucide/svelte/icons/pilcrow-left'
import Strike from '@lucide/svelte/icons/strikethrough'
import Underline from '@lucide/svelte/icons/underline'
import Undo from '@lucide/svelte/icons/undo-2'
import type Quill from 'quill/core'
import type { Component } from 'svelte'
import type { Words } from '../words/catalogue'

/** The formats at the selection, as Quill tells them. */
export type Formats = Readonly<Record<string, unknown>>

/** What a control can do beyond formats. */
export interface Actions {
  readonly quill: Quill
  editLink: () => void
  choosePicture: () => void
}

export interface Control {
  readonly id: string
  readonly icon: Component
  readonly label: (said: Words['rich']) => string
  /** As CodeMirror writes keys. */
  readonly keys?: string
  /** Left out where it is nothing that can be on. */
  readonly isOn?: (formats: Formats) => boolean
  readonly isIdle?: (quill: Quill) => boolean
  readonly run: (actions: Actions, formats: Formats) => void
}

type Rest = Pick<Control, 'keys'> & { value?: unknown; isOn?: (value: unknown) => boolean }

/** A control that switches a format on and off. */
function toggle(
  format: string,
  icon: Component,
  label: Control['label'],
  { value = true, isOn = (now) => now === value, ...rest }: Rest = {},
): Control {
  const id = value === true ? format : `${format}-${String(value)}`
  return {
    ...rest,
    id,
    icon,
    label,
    isOn: (formats) => isOn(formats[format]),
    run: ({ quill }, formats) =>
      quill.format(format, isOn(formats[format]) ? false : value, 'user'),
  }
}

const isChecklist = (list: unknown) => list === 'checked' || list === 'unchecked'

/** In groups, as they stand in the toolbar. */
export const controls: readonly (readonly Control[])[] = [
  [
    {
      id: 'undo',
      icon: Undo,
      label: (said) => said.undo,
      keys: 'Mod-z',
      isIdle: ({ history }) => history.stack.undo.length === 0,
      run: ({ quill }) => quill.history.undo(),
    },
    {
      id: 'redo',
      icon: Redo,
      label: (said) => said.redo,
      keys: 'Mod-Shift-z',
      isIdle: ({ history }) => history.stack.redo.length === 0,
      run: ({ quill }) => quill.history.redo(),
    },
  ],
  [
    toggle('bold', Bold, (said) => said.bold, { keys: 'Mod-b' }),
    toggle('italic', Italic, (said) => said.italic, { keys: 'Mod-i' }),
    toggle('underline', Underline, (said) => said.underline, { keys: 'Mod-u' }),
    toggle('strike', Strike, (said) => said.strike, { keys: 'Mod-Shift-x' }),
    toggle('code', Code, (said) => said.code, { keys: 'Mod-e' }),
  ],
  [
    {
      id: 'link',
      icon: Link,
      label: (said) => said.link,
      keys: 'Mod-Shift-k',
      isOn: ({ link }) => Boolean(link),
      run: ({ editLink }) => editLink(),
    },
    {
      id: 'picture',
      icon: Image,
      label: (said) => said.picture,
      run: ({ choosePicture }) => choosePicture(),
    },
  ],
  [
    toggle('list', List, (said) => said.bulletList, { value: 'bullet', keys: 'Mod-Shift-8' }),
    toggle('list', ListOrdered, (said) => said.orderedList, {
      value: 'ordered',
      keys: 'Mod-Shift-7',
    }),
    toggle('list', ListChecks, (said) => said.checkList, {
      value: 'unchecked',
      isOn: isChecklist,
      keys: 'Mod-Shift-9',
    }),
    {
      id: 'outdent',
      icon: Outdent,
      label: (said) => said.outdent,
      keys: 'Mod-[',
      run: ({ quill }) => quill.format('indent', '-1', 'user'),
    },
    {
      id: 'indent',
      icon: Indent,
      label: (said) => said.indent,
      keys: 'Mod-]',
      run: ({ quill }) => quill.format('indent', '+1', 'user'),
    },
  ],
  [
    toggle('align', AlignCenter, (said) => said.alignCenter, { value: 'center' }),
    toggle('align', AlignEnd, (said) => said.alignRight, { value: 'right' }),
    toggle('align', AlignJustify, (said) => said.justify, { value: 'justify' }),
    toggle('direction', RightToLeft, (said) => said.rightToLeft, { value: 'rtl' }),
  ],
  [
    {
      id: 'clear',
      icon: RemoveFormatting,
      label: (said) => said.clear,
      keys: 'Mod-\\',
      run: ({ quill }) => {
        const { index, length } = quill.getSelection(true)
        quill.removeFormat(index, length, 'user')
      },
    },
  ],
]

/** What a line can be, for the list of paragraph styles. */
export const paragraphs: readonly {
  readonly id: string
  readonly label: (said: Words['rich']) => string
  readonly keys: string
}[] = [
  { id: 'text', label: (said) => said.text, keys: 'Mod-Alt-0' },
  { id: '1', label: (said) => said.heading(1), keys: 'Mod-Alt-1' },
  { id: '2', label: (said) => said.heading(2), keys: 'Mod-Alt-2' },
  { id: '3', label: (said) => said.heading(3), keys: 'Mod-Alt-3' },
  { id: '4', label: (said) => said.heading(4), keys: 'Mod-Alt-4' },
  { id: 'blockquote', label: (said) => said.quote, keys: 'Mod-Alt-5' },
  { id: 'code-block', label: (said) => said.codeBlock, keys: 'Mod-Alt-6' },
]

export function paragraphOf(formats: Formats): string {
  if (formats['code-block']) return 'code-block'
  if (formats['blockquote']) return 'blockquote'
  const { header } = formats
  return typeof header === 'number' ? String(header) : 'text'
}

/** Makes the selected lines a kind of paragraph. */
export function setParagraph(quill: Quill, id: string): void {
  const range = quill.getSelection(true)
  const [format, value] = /^\d$/.test(id) ? ['header', Number(id)] : [id, true]
  if (id !== 'text') {
    quill.formatLine(range.index, range.length, format, value, 'user')
    return
  }
  const plain = { header: false, blockquote: false, 'code-block': false }
  quill.formatLine(range.index, range.length, plain, 'user')
}

/** Ticks the item of a checklist that the caret is in, or unticks it. */
export function tick({ quill }: Actions, { list }: Formats): void {
  if (isChecklist(list)) quill.format('list', list === 'checked' ? 'unchecked' : 'checked', 'user')
}
