/** A text of the past in CodeMirror, which draws only what is in sight of it. */
import { changesOf } from '#client/changes'
import {
  Compartment,
  EditorState,
  RangeSetBuilder,
  StateEffect,
  StateField,
  Text,
  type Extension,
} from '@codemirror/state'
import {
  Decoration,
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  WidgetType,
  type DecorationSet,
} from '@codemirror/view'
import { defaultKeymap } from '@codemirror/commands'
import type Delta from 'quill-delta'
import { coloured } from '../editor/setup'
import { theme } from '../editor/theme'
import { isProse } from '../languages'
import { words } from '../words/index.svelte'
import type { Canvas, Paint } from './canvas'
import { lengthOf, textOf, type Segment } from './segments'

const setMarks = StateEffect.define<DecorationSet>()

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { changes, effects }) {
    return effects.findLast((effect) => effect.is(setMarks))?.value ?? marks.map(changes)
  },
  provide: (field) => EditorView.decorations.from(field),
})

const inserted = Decoration.mark({ class: 'history-inserted', tagName: 'ins' })

/** What a text of the past is read in; `language` brings the colours of code, once they are loaded. */
export function reader(language: string): Extension {
  return [
    highlightSpecialChars(),
    theme,
    isProse(language) ? EditorView.lineWrapping : lineNumbers(),
    EditorState.readOnly.of(true),
    // There is a caret to select with, but no keyboard comes up on a phone.
    EditorView.contentAttributes.of({
      'aria-label': words().history.textThen,
      'aria-readonly': 'true',
      inputmode: 'none',
    }),
    keymap.of(defaultKeymap),
  ]
}

export class TextCanvas implements Canvas {
  readonly #view: EditorView

  constructor(parent: HTMLElement, language: string) {
    const parser = new Compartment()
    this.#view = new EditorView({ parent, extensions: [reader(language), parser.of([]), marks] })
    // Without its colours a text can be read as well.
    coloured(language).then(
      (colours) => this.#view.dispatch({ effects: parser.reconfigure(colours) }),
      () => undefined,
    )
  }

  show(segments: readonly Segment[]): void {
    const { length } = this.#view.state.doc
    // As Text, since a string would be cut at whatever the editor holds for a line break.
    const insert = Text.of(textOf(segments).split('\n'))
    this.#view.dispatch({
      changes: { from: 0, to: length, insert },
      effects: setMarks.of(marksOf(segments)),
    })
  }

  apply(change: Delta, colour: string): void {
    const transaction = this.#view.state.update({ changes: changesOf(change) })
    const builder = new RangeSetBuilder<Decoration>()
    const fresh = Decoration.mark({
      class: 'history-fresh',
      attributes: { style: `--author: ${colour}` },
    })
    let last = 0
    transaction.changes.iterChanges((_from, _to, from, to) => {
      if (to > from) builder.add(from, to, fresh)
      last = to
    })
    this.#view.dispatch({
      changes: transaction.changes,
      effects: [setMarks.of(builder.finish()), EditorView.scrollIntoView(last, { yMargin: 80 })],
    })
  }

  paint(runs: readonly Paint[] | null): void {
    const builder = new RangeSetBuilder<Decoration>()
    const { length: end } = this.#view.state.doc
    let at = 0
    for (const [i, { length, colour }] of (runs ?? []).entries()) {
      const to = Math.min(at + length, end)
      if (colour !== null && to > at) {
        const attributes = { style: `--author: ${colour}`, 'data-run': String(i) }
        builder.add(at, to, Decoration.mark({ class: 'history-run', attributes }))
      }
      at = to
    }
    this.#view.dispatch({ effects: setMarks.of(builder.finish()) })
  }

  goTo(at: number): void {
    const anchor = Math.min(at, this.#view.state.doc.length)
    this.#view.dispatch({
      selection: { anchor },
      effects: EditorView.scrollIntoView(anchor, { y: 'center' }),
    })
  }

  destroy(): void {
    this.#view.destroy()
  }
}

function marksOf(segments: readonly Segment[]): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  let at = 0
  for (const segment of segments) {
    const length = lengthOf(segment)
    if (segment.mark === 'deleted') {
      const widget = new Deleted(textOf([{ insert: segment.insert }]))
      builder.add(at, at, Decoration.widget({ widget, side: -1 }))
    } else if (segment.mark) {
      builder.add(at, at + length, inserted)
    }
    at += length
  }
  return builder.finish()
}

/** As much of a deleted text as is shown: it stands in the midst of a line. */
const longestDeleted = 5_000

/** Text that is gone. It is no part of the document, so copying leaves it out. */
class Deleted extends WidgetType {
  readonly #text: string

  constructor(text: string) {
    super()
    this.#text = text
  }

  override eq(other: Deleted): boolean {
    return other.#text === this.#text
  }

  override toDOM(): HTMLElement {
    const element = document.createElement('del')
    element.className = 'history-deleted'
    const rest = this.#text.length - longestDeleted
    element.textContent = this.#text.slice(0, longestDeleted).replace(/\n$/, '¶\n')
    if (rest > 0) {
      const more = document.createElement('em')
      more.textContent = ` … ${words().history.moreDeleted(rest)}`
      element.append(more)
    }
    return element
  }
}
