import { history, historyKeymap } from '@codemirror/commands'
import {
  Annotation,
  EditorState,
  StateEffect,
  StateField,
  Text,
  Transaction,
  type ChangeSpec,
  type Extension,
} from '@codemirror/state'
import { keymap, ViewPlugin, type EditorView, type ViewUpdate } from '@codemirror/view'
import type Delta from 'quill-delta'
import { changesOf, deltaOf, repairsOf } from './changes'
import { cursors, showPeople } from './cursors'
import { plainText } from './delta'
import type { TuttiDocument } from './document'
import { mayEdit, type DocumentState } from './state'

const fromServer = Annotation.define<boolean>()
const setEditable = StateEffect.define<boolean>()

/**
 * Binds a CodeMirror 6 editor to a document of plain text: local edits go out,
 * remote ones come in, the others' cursors are shown, and undo takes back one's
 * own edits only. The editor takes its content from the document; it is read
 * only until that is there, and while the person may not edit.
 */
export function tuttiCodeMirror(doc: TuttiDocument): Extension {
  const editable = StateField.define<boolean>({
    create: () => false,
    update: (value, { effects }) =>
      effects.reduce((is, effect) => (effect.is(setEditable) ? effect.value : is), value),
    // Says nothing while it may be edited, so that the app may still forbid it.
    provide: (field) =>
      EditorState.readOnly.computeN([field], (state) => (state.field(field) ? [] : [true])),
  })
  return [
    editable,
    // Programs may edit what is read only to people: such edits could not be sent.
    EditorState.changeFilter.of((transaction) => transaction.startState.field(editable)),
    EditorState.transactionFilter.of((transaction) => {
      const repairs = transaction.docChanged ? repairsOf(transaction) : []
      return repairs.length > 0
        ? [transaction, { changes: repairs, sequential: true }]
        : transaction
    }),
    ViewPlugin.define((view) => new Binding(view, doc, editable), {
      eventObservers: {
        compositionstart() {
          this.holdWhileComposing()
        },
      },
    }),
    cursors,
    history(),
    keymap.of(historyKeymap),
  ]
}

const compositionPoll = 50

class Binding {
  readonly #view: EditorView
  readonly #doc: TuttiDocument
  readonly #editable: StateField<boolean>
  readonly #unsubscribe: (() => void)[]
  /** Whether the editor shows the document's content; before that its changes are not ours. */
  #isAttached = false
  #isDestroyed = false
  #endHold: (() => void) | null = null

  constructor(view: EditorView, doc: TuttiDocument, editable: StateField<boolean>) {
    this.#view = view
    this.#doc = doc
    this.#editable = editable
    this.#unsubscribe = [
      doc.on('remote', (delta) => this.#apply(delta)),
      doc.on('reset', (delta) => this.#apply(delta)),
      doc.on('people', (people) => this.#dispatch([], showPeople.of(people))),
      doc.on('state', (state) => this.#setEditable(state)),
    ]
    // A view cannot be changed while it is being made.
    queueMicrotask(() => this.#attach())
  }

  update(update: ViewUpdate): void {
    if (!this.#isAttached) return
    for (const transaction of update.transactions) {
      if (transaction.docChanged && !transaction.annotation(fromServer)) {
        this.#submit(deltaOf(transaction.changes))
      }
    }
    if (this.#view.compositionStarted) this.holdWhileComposing()
    // A person who has not been in the text is nowhere in it.
    if (this.#view.hasFocus && (update.docChanged || update.selectionSet || update.focusChanged)) {
      const { anchor, head } = update.state.selection.main
      this.#doc.setCursor({ anchor, head })
    }
  }

  destroy(): void {
    this.#isDestroyed = true
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    this.#endHold?.()
    this.#doc.setCursor(null)
  }

  /**
   * Keeps the server's changes away from the text that an input method is
   * composing in. The end is polled for: a composition in an EditContext sends
   * the page no events, and after the last event its text is still to be read.
   */
  holdWhileComposing(): void {
    if (this.#endHold) return
    const release = this.#doc.hold()
    let quietPolls = 0
    const timer = setInterval(() => {
      quietPolls = this.#view.compositionStarted ? 0 : quietPolls + 1
      if (quietPolls === 2) this.#endHold?.()
    }, compositionPoll)
    this.#endHold = () => {
      this.#endHold = null
      clearInterval(timer)
      release()
    }
  }

  #submit(delta: Delta): void {
    try {
      this.#doc.submit(delta)
    } catch (error) {
      // The editor shows what the document does not have; thrown on, this would end the plugin.
      console.error('tutti: an edit could not be taken', error)
      queueMicrotask(() => this.#attach())
    }
  }

  #apply(delta: Delta): void {
    const length = this.#view.state.doc.length + delta.changeLength()
    if (this.#isAttached && length === this.#doc.length) {
      this.#dispatch(changesOf(delta), showPeople.of(this.#doc.people))
    } else {
      this.#attach()
    }
  }

  /** Makes the editor show the document's content, whatever it shows now. */
  #attach(): void {
    if (this.#isDestroyed || !this.#doc.state.loaded) return
    const { doc } = this.#view.state
    const text = Text.of(plainText(this.#doc.content).split('\n'))
    const changes = doc.eq(text) ? [] : { from: 0, to: doc.length, insert: text }
    this.#dispatch(changes, showPeople.of(this.#doc.people))
    this.#isAttached = true
    this.#setEditable(this.#doc.state)
  }

  #setEditable(state: DocumentState): void {
    const isEditable = this.#isAttached && mayEdit(state)
    if (isEditable === this.#view.state.field(this.#editable)) return
    this.#dispatch([], setEditable.of(isEditable))
  }

  #dispatch(changes: ChangeSpec, effects: StateEffect<unknown>): void {
    this.#view.dispatch({
      changes,
      effects,
      annotations: [
        fromServer.of(true),
        Transaction.remote.of(true),
        Transaction.addToHistory.of(false),
      ],
      // No filter of the editor's may change what the others have already.
      filter: false,
    })
  }
}
