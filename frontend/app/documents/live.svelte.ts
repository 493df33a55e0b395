import { anotherPerson, TuttiDocument, type DocumentState, type Person } from '#client'
import { plainText } from '#client/delta'
import { SvelteSet } from 'svelte/reactivity'
import { newKey } from '#client/key'
import type { Draft } from '../drafts/draft'
import { putDraft, removeDraft } from '../drafts/drafts.svelte'
import { Whereabouts } from '../editor/whereabouts.svelte'
import { hasAccount, refreshSelf, self } from '../account/self.svelte'
import { identity } from '../identity.svelte'
import { mayStore } from './database'
import { TabStorage } from './storage'

/** The document is gone, or the person's access to it: what is pending may never get there. */
const strands = new Set([4403, 4404, 4410, 4500])

/** Whoever opened it has no log-in any more. */
const signedOut = 4401

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

  readonly #storage: TabStorage | null
  #draft = $state.raw<string | null>(null)
  /** Whether connecting again was tried since the log-in has ended. */
  #retried = false

  constructor(id: string) {
    this.id = id
    this.#storage = mayStore() ? new TabStorage(id) : null
    this.doc = new TuttiDocument({
      id,
      ...identity(),
      ...(this.#storage && { storage: this.#storage }),
    })
    this.state = this.doc.state
    this.doc.on('state', (state) => {
      const isNews = state.status !== this.state.status
      this.state = state
      if (isNews) this.#meet(state)
      this.#keepDraft(state)
      this.#stayIn(state)
      if (!this.shown && (state.saved || this.isKeptAsDraft)) this.close()
    })
    this.doc.on('people', (people) => (this.people = people))
    this.doc.on('notice', (text) => (this.notices = [...this.notices, text]))
    this.doc.on('refused', ({ code, text, content }) => {
      if (!text.trim()) return
      const whole = content && { content: content.ops }
      putDraft({ ...this.#asDraft(code, text), ...whole, id: newKey() })
    })
  }

  /** Whose rows hold it in the browser's storage. */
  get tab(): string | null {
    return this.#storage?.tab ?? null
  }

  /** Whether what could not be sent is in a draft that outlives this tab. */
  get isKeptAsDraft(): boolean {
    return this.state.stopped !== undefined && this.state.kept && this.#draft !== null
  }

  /** The text as it stands here, each embed as U+FFFC. Not reactive. */
  text(): string {
    return plainText(this.doc.content)
  }

  /** Says that no page shows it any more: it is closed as soon as everything is saved. */
  leave(): void {
    this.shown = false
    if (this.state.saved || this.isKeptAsDraft) this.close()
    else this.doc.setCursor(null)
  }

  /** Closes it now. What is not saved is given up, but for what is stored. */
  close(): void {
    if (open.delete(this)) this.doc.close()
  }

  /** Connects again where it has stopped for want of the right log-in, which there is now. */
  reconnect(): void {
    const code = this.state.stopped?.code
    if (code === signedOut || code === anotherPerson) this.doc.connect()
  }

  /**
   * Another person may have logged in without this page hearing of it: then it is made
   * anew for them, but not while it has text of the one before.
   */
  #meet({ status, stopped, saved, user }: DocumentState): void {
    const me = self()
    const isOther =
      status === 'online'
        ? me.state === 'in' && hasAccount() && me.id !== user?.id
        : stopped?.code === anotherPerson && saved
    if (isOther) void refreshSelf()
  }

  /** The log-in may have been but replaced by another one of the same person, in another tab. */
  #stayIn({ stopped, status }: DocumentState): void {
    if (status === 'online') this.#retried = false
    if (stopped?.code !== signedOut || this.#retried) return
    this.#retried = true
    void refreshSelf().then(() => {
      if (self().state === 'in') this.reconnect()
    })
  }

  /** What cannot be sent becomes a draft; where it can after all, it is one no more. */
  #keepDraft({ stopped, saved, pending, status }: DocumentState): void {
    if (stopped && pending > 0 && strands.has(stopped.code)) {
      if (this.#draft !== null) return
      this.#draft = this.tab ?? newKey()
      const { ops } = this.doc.content
      const draft = this.#asDraft(stopped.code, this.doc.unsavedText)
      putDraft({ ...draft, id: this.#draft, content: ops, ...(this.tab && { tab: this.tab }) })
    } else if (status === 'online' && saved) {
      const draft = this.#draft ?? this.tab
      this.#draft = null
      if (draft !== null) removeDraft(draft)
    }
  }

  #asDraft(why: Draft['why'], text: string): Omit<Draft, 'id'> {
    const { title, kind, language } = this.state
    const owner = this.#storage?.owner ?? ''
    return { document: this.id, owner, title, kind, language, at: Date.now(), why, text }
  }
}

const open = new SvelteSet<LiveDocument>()

/** Opens a document, or finds the one still open because not all of it was saved. */
export function openDocument(id: string): LiveDocument {
  const kept = [...open].find((document) => document.id === id && !document.shown)
  if (kept) {
    kept.shown = true
    return kept
  }
  return begin(new LiveDocument(id))
}

/** Opens a document that no page shows, until everything is saved. */
export function openUnseen(id: string): void {
  const document = new LiveDocument(id)
  document.shown = false
  begin(document)
}

function begin(document: LiveDocument): LiveDocument {
  open.add(document)
  document.doc.connect()
  return document
}

/** Connects all documents again that have stopped for want of a log-in. */
export function reconnectAll(): void {
  for (const document of open) document.reconnect()
}

/** The documents that are open in this tab. Reactive. */
export function openDocuments(): LiveDocument[] {
  return [...open]
}

/** The open documents that the server does not have all of. */
export function unsavedDocuments(): LiveDocument[] {
  return openDocuments().filter(({ state }) => !state.saved)
}
