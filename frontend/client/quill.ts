import type Quill from 'quill'
import type { Range } from 'quill'
import type Delta from 'quill-delta'
import { cross, difference } from './delta'
import type { TuttiDocument } from './document'
import { Carets, type CursorsModule } from './quill-carets'
import { fromQuill, keepFinalNewline, oneKindEach, toQuill } from './quill-changes'
import { allowEmbedsInCode, registerUnknownEmbed, showsEmbed } from './quill-unknown'
import { mayEdit } from './state'

export interface TuttiQuillOptions {
  /** Told when Quill could not be brought to show what the document holds. */
  onError?: (error: unknown) => void
}

/**
 * Binds a Quill 2 editor to a rich document: local edits go out, remote ones
 * come in, and undo takes back one's own edits only. The others' carets are
 * shown where the editor has the module `cursors` of quill-cursors. The editor
 * takes its content from the document, and is disabled until that is there and
 * while the person may not edit. Returns how to unbind it.
 *
 * Embeds are inline: those that Quill knows as blocks of their own, or not at
 * all, are shown as a placeholder and kept as they are.
 */
export function tuttiQuill(
  quill: Quill,
  doc: TuttiDocument,
  options: TuttiQuillOptions = {},
): () => void {
  const binding = new Binding(quill, doc, options)
  return () => binding.destroy()
}

/** Quiet enough for comparing everything. */
const idleAfter = 1_000

class Binding {
  readonly #quill: Quill
  readonly #doc: TuttiDocument
  readonly #options: TuttiQuillOptions
  readonly #carets: Carets | null
  readonly #undo: (() => void)[]
  #isAttached = false
  /** Whether the change that Quill tells of is one that this binding makes. */
  #isApplying = false
  /** A remote change that waits for Quill to tell what was typed before it came. */
  #incoming: Delta | null = null
  #endHold: (() => void) | null = null
  #idle: ReturnType<typeof setTimeout> | undefined

  constructor(quill: Quill, doc: TuttiDocument, options: TuttiQuillOptions) {
    this.#quill = quill
    this.#doc = doc
    this.#options = options
    registerUnknownEmbed(quill)
    allowEmbedsInCode(quill)
    Object.assign(quill.options.modules['history'] ?? {}, { userOnly: true })
    const cursors = quill.getModule('cursors') as CursorsModule | undefined
    this.#carets = cursors ? new Carets(cursors) : null
    const { events } = quill.constructor as typeof Quill
    const edited = (change: Delta, before: Delta) => this.#edited(change, before)
    const selected = (range: Range | null) => this.#selected(range)
    const [hold, release] = [() => this.#hold(), () => this.#release()]
    quill.on(events.TEXT_CHANGE, edited)
    quill.on(events.SELECTION_CHANGE, selected)
    quill.on(events.COMPOSITION_START, hold)
    quill.on(events.COMPOSITION_END, release)
    this.#undo = [
      () => quill.off(events.TEXT_CHANGE, edited),
      () => quill.off(events.SELECTION_CHANGE, selected),
      () => quill.off(events.COMPOSITION_START, hold),
      () => quill.off(events.COMPOSITION_END, release),
      doc.on('remote', (delta) => this.#apply(delta)),
      doc.on('reset', (delta) => this.#apply(delta)),
      doc.on('people', (people) => this.#carets?.show(people)),
      doc.on('state', () => this.#setEnabled()),
    ]
    quill.disable()
    this.#attach()
  }

  destroy(): void {
    for (const undo of this.#undo) undo()
    clearTimeout(this.#idle)
    this.#endHold?.()
    this.#carets?.destroy()
    this.#doc.setCursor(null)
    this.#quill.disable()
  }

  /** Whoever made it, a person or a program: what Quill shows, the document has. */
  #edited(change: Delta, before: Delta): void {
    this.#carets?.move(change)
    this.#compareWhenIdle()
    if (this.#isApplying || !this.#isAttached) return
    let edit = fromQuill(change, before)
    if (this.#incoming) {
      const { ours, theirs } = cross(edit, this.#incoming)
      edit = ours
      this.#incoming = theirs
    }
    try {
      this.#doc.submit(edit)
    } catch (error) {
      console.error('tutti: an edit could not be taken', error)
    }
    // Not now: Quill is in the midst of the change, and tells others of it still.
    if (!this.#hasRightLength() && !this.#incoming) queueMicrotask(() => this.#compare())
  }

  #selected(range: Range | null): void {
    // Who has gone to another field is still where they were in the text.
    if (range) this.#doc.setCursor({ anchor: range.index, head: range.index + range.length })
  }

  /** An input method's composition breaks when the text under it changes. */
  #hold(): void {
    this.#endHold ??= this.#doc.hold()
  }

  #release(): void {
    const release = this.#endHold
    this.#endHold = null
    // After this task: Quill and the browser are still about the composition's end.
    if (release) setTimeout(release)
  }

  #apply(delta: Delta): void {
    if (!this.#isAttached) {
      this.#attach()
      return
    }
    // Quill may not have read yet what was typed before this came.
    this.#incoming = delta
    this.#quill.update()
    const change = this.#incoming
    this.#incoming = null
    this.#change(change)
    if (!this.#hasRightLength()) this.#compare()
  }

  #attach(): void {
    if (!this.#doc.state.loaded) return
    this.#isAttached = true
    this.#applying(() => this.#quill.setContents(this.#wanted(), 'api'))
    this.#quill.history.clear()
    this.#compare()
    this.#carets?.show(this.#doc.people)
    this.#setEnabled()
  }

  #setEnabled(): void {
    const isEnabled = this.#isAttached && mayEdit(this.#doc.state)
    if (isEnabled !== this.#quill.isEnabled()) this.#quill.enable(isEnabled)
  }

  #hasRightLength(): boolean {
    return this.#quill.getLength() === this.#doc.length
  }

  #compareWhenIdle(): void {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => this.#compare(), idleAfter)
  }

  /**
   * Brings Quill to show what the document holds, where it does not: Quill has
   * rules of its own for what a content may be. Formats that it does not know
   * stay in the document, since edits say only what they change.
   */
  #compare(): void {
    if (!this.#isAttached) return
    if (this.#endHold) {
      this.#compareWhenIdle()
      return
    }
    this.#quill.update()
    const shown = this.#quill.getContents()
    const difference = differenceOf(shown, this.#wanted())
    if (difference.ops.length > 0) this.#change(difference)
    if (!this.#hasRightLength()) {
      this.#quill.disable()
      this.#isAttached = false
      this.#options.onError?.(new Error('tutti: Quill cannot show this content'))
    }
  }

  #change(delta: Delta): void {
    if (delta.ops.length === 0) return
    const { selection } = this.#quill
    const isElsewhere = !this.#quill.hasFocus()
    const change = this.#applying(() =>
      this.#quill.updateContents(toQuill(delta, this.#canShow), 'api'),
    )
    if (isElsewhere) moveRange(selection.savedRange, change)
  }

  #applying<T>(change: () => T): T {
    this.#isApplying = true
    try {
      return change()
    } finally {
      this.#isApplying = false
    }
  }

  #wanted(): Delta {
    return toQuill(oneKindEach(this.#doc.content), this.#canShow)
  }

  readonly #canShow = (embed: string): boolean => showsEmbed(this.#quill, embed)
}

function differenceOf(shown: Delta, wanted: Delta): Delta {
  return keepFinalNewline(difference(shown, wanted), shown)
}

/** Where Quill will put the caret when the person comes back to it. */
function moveRange(range: Range, change: Delta): void {
  const end = change.transformPosition(range.index + range.length, true)
  range.index = change.transformPosition(range.index, true)
  range.length = end - range.index
}
