import { TuttiDocument, type DocumentState, type Person } from '#client'
import { plainText } from '#client/delta'
import { SvelteMap } from 'svelte/reactivity'
import { Whereabouts } from '../editor/whereabouts.svelte'
import { identity } from '../identity.svelte'

/** A document that is open in this tab. What is read from it is reactive. */
export class LiveDocument {
  readonly id: string
  readonly doc: TuttiDocument
  state = $state.raw() as DocumentState
  people = $state.raw<readonly Person[]>([])
  /** Where the others are, and the way there. */
  readonly whereabouts = new Whereabouts(() => this.people)
  /** What administrators had to say, until it is dismissed. */
  notices = $state.raw<readonly string[]>([])
  /** Whether a page shows it. One that no page shows stays open until everything is saved. */
  shown = $state(true)

  constructor(id: string) {
    this.id = id
    this.doc = new TuttiDocument({ id, ...identity() })
    this.state = this.doc.state
    this.doc.on('state', (state) => {
      this.state = state
      if (!this.shown && state.saved) this.close()
    })
    this.doc.on('people', (people) => (this.people = people))
    this.doc.on('notice', (text) => (this.notices = [...this.notices, text]))
  }

  /** The text as it stands here, each embed as U+FFFC. Not reactive. */
  text(): string {
    return plainText(this.doc.content)
  }

  /** Says that no page shows it any more: it is closed as soon as everything is saved. */
  leave(): void {
    this.shown = false
    if (this.state.saved) this.close()
    else this.doc.setCursor(null)
  }

  /** Closes it now. What is not saved is given up. */
  close(): void {
    if (open.get(this.id) !== this) return
    open.delete(this.id)
    this.doc.close()
  }
}

const open = new SvelteMap<string, LiveDocument>()

/** Opens a document, or finds the one still open because not all of it was saved. */
export function openDocument(id: string): LiveDocument {
  const kept = open.get(id)
  if (kept) {
    kept.shown = true
    return kept
  }
  const document = new LiveDocument(id)
  open.set(id, document)
  document.doc.connect()
  return document
}

/** The open documents that would lose something if the tab were closed now. */
export function unsavedDocuments(): LiveDocument[] {
  return [...open.values()].filter(({ state }) => !state.saved)
}
