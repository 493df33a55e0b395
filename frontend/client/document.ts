import Delta from 'quill-delta'
import { Check } from './check'
import { Credentials } from './credentials'
import { composeAll, insertedText, plainText } from './delta'
import { browser, type Environment } from './environment'
import { Events } from './events'
import { Gate } from './gate'
import { Keeper } from './keeper'
import { newKey } from './key'
import { Machine } from './machine'
import { Outbox } from './outbox'
import { OwnCursor, People } from './presence'
import { apiUrl } from './rest/call'
import { lossBy } from './restored'
import { Connection, type ConnectionState, type Verdict } from './socket'
import {
  anotherPerson,
  isSamePerson,
  type DocumentEvents,
  type DocumentOptions,
  type DocumentState,
  type Refusal,
} from './state'
import { remembered, stored, type StoredDocument, type StoredState } from './storage'
import type {
  ClientFrame,
  Committed,
  Cursor,
  Origin,
  Person,
  Refused,
  Role,
  ServerFrame,
  Welcome,
} from './wire'

/**
 * A document that is edited together. Edits go in by `submit` and come out by
 * the events `remote` and `reset`; they are kept while offline and sent when the
 * server is back. All positions count UTF-16 code units, an embed counting one.
 *
 * It is one person's: as somebody else than the one it was loaded for, it stops
 * (`anotherPerson`), and goes on where `connect` finds the former person again.
 */
export class TuttiDocument {
  readonly #options: DocumentOptions
  readonly #environment: Environment
  readonly #events = new Events<DocumentEvents>()
  readonly #connection: Connection
  readonly #machine = new Machine()
  readonly #others = new People()
  readonly #cursor: OwnCursor
  readonly #check: Check
  readonly #credentials: Credentials
  readonly #outbox: Outbox
  readonly #gate = new Gate<ServerFrame>((frame) => this.#process(frame))
  /** Null where nothing is kept beyond the tab. */
  readonly #keeper: Keeper | null
  /** Done with looking for what an earlier tab left; null before that was begun. */
  #opening: Promise<void> | null = null
  #isWanted = false
  #key: string
  #client = ''
  #lineage: readonly Origin[] = []
  #refetch = false
  #isOnline = false
  #people: readonly Person[] | null = null
  #state: DocumentState = {
    status: 'offline',
    loaded: false,
    saved: true,
    pending: 0,
    kept: false,
    revision: 0,
    role: 'viewer',
    kind: 'text',
    title: '',
    language: '',
    refusals: [],
  }

  constructor(options: DocumentOptions, environment: Environment = browser) {
    this.#options = { ...options }
    this.#environment = environment
    this.#key = options.key ?? newKey()
    const path = `/documents/${encodeURIComponent(options.id)}/socket`
    this.#connection = new Connection(
      apiUrl(options.url, path).replace(/^http/, 'ws'),
      {
        hello: () => this.#greet(),
        mayRenew: () => this.#credentials.mayRenew(),
        receive: (frame) => this.#gate.enter(frame),
        ended: (verdict) => this.#ended(verdict),
        changed: (state) => this.#show(state),
      },
      environment,
    )
    this.#keeper = options.storage
      ? new Keeper(
          options.storage,
          {
            state: () => this.#storedState(),
            content: () => ({ rev: this.#machine.rev, content: this.#machine.committed.ops }),
          },
          environment,
          () => this.#update({}),
        )
      : null
    this.#credentials = new Credentials(this.#options.token, environment, (token) =>
      this.#send({ t: 'token', token }),
    )
    this.#outbox = new Outbox(this.#machine, this.#keeper, environment, {
      send: (frame) => this.#send(frame),
      limits: () => this.#state.limits,
      refuse: (refused) => this.#refuse(refused),
      idle: () => this.#cursor.flush(),
    })
    this.#cursor = new OwnCursor((cursor) => {
      if (!this.#isSettled()) return false
      this.#send({ t: 'presence', rev: this.#machine.rev, cursor })
      return true
    }, environment)
    this.#check = new Check(
      () =>
        this.#isSettled()
          ? { rev: this.#machine.rev, text: plainText(this.#machine.content) }
          : null,
      (rev, hash) => this.#send({ t: 'check', rev, hash }),
      environment,
    )
  }

  get id(): string {
    return this.#options.id
  }

  get state(): DocumentState {
    return this.#state
  }

  /** What the person sees, edits that are not acknowledged included. */
  get content(): Delta {
    return this.#machine.content
  }

  /** The length of `content`, which is cheaper to ask for than `content` itself. */
  get length(): number {
    return this.#machine.length
  }

  /** The other sessions. Their cursors are positions in `content`. */
  get people(): readonly Person[] {
    return (this.#people ??= this.#others.visible(this.#machine))
  }

  /** What the person wrote that the server has not acknowledged, for copying. */
  get unsavedText(): string {
    return insertedText(this.#machine.unacknowledged)
  }

  /** Shows what an earlier tab has stored, and connects. */
  connect(): void {
    if (!this.#keeper) {
      this.#connection.open()
      return
    }
    this.#isWanted = true
    this.#opening ??= this.#keeper.load().then((found) => {
      if (found) this.#restore(found)
    })
    void this.#opening.then(() => {
      if (this.#isWanted) this.#connection.open()
    })
  }

  /**
   * Disconnects for good, and gives the storage free. What is pending stays here
   * too, for `connect` to send, but is kept nowhere else any more.
   */
  close(): void {
    this.#isWanted = false
    this.#ended('stop')
    this.#connection.close()
    this.#keeper?.close()
  }

  /**
   * Takes an edit that the editor has already applied. Throws where the delta
   * does not fit the content, or the content has not been loaded yet.
   */
  submit(delta: Delta): void {
    this.#machine.submit(delta)
    this.#cursor.moveWanted(delta, true)
    this.#people = null
    this.#keeper?.changed()
    this.#outbox.flush()
    this.#check.changed()
    this.#update({})
  }

  /** Shows the others where the person is, in positions of `content`. */
  setCursor(cursor: Cursor | null): void {
    this.#cursor.set(cursor)
  }

  /** Says a line to the others; see `Chat`, which knows whether it arrived. */
  say(text: string): void {
    this.#send({ t: 'chat', text })
  }

  /** Changes how others see the person; for that the session starts anew. */
  setIdentity(name: string, color: string): void {
    this.#options.name = name
    this.#options.color = color
    this.#ended('retry')
    this.#connection.restart({ backoff: false })
  }

  /** Forgets what was taken back, once the person has seen it. */
  discardRefused(): void {
    this.#update({ refusals: [] })
  }

  on<Name extends keyof DocumentEvents>(
    name: Name,
    handler: (value: DocumentEvents[Name]) => void,
  ): () => void {
    return this.#events.on(name, handler)
  }

  /**
   * For bindings: until the function that it returns is called, nothing that
   * comes from the server has effect, while edits are taken as ever. An input
   * method's composition breaks when the text under it changes.
   */
  hold(): () => void {
    return this.#gate.hold()
  }

  #restore({ state, base, deltas }: StoredDocument): void {
    const committed = new Delta(base.content).compose(composeAll(deltas.map((op) => new Delta(op))))
    // By the clock, so that two who go on from one state do not give the same numbers.
    this.#machine.restore(remembered(state), committed, this.#environment.now())
    this.#key = state.key
    this.#client = state.client
    this.#outbox.storeFirst()
    const { lineage = [], ...about } = state.about
    this.#lineage = lineage
    this.#update({ ...about, loaded: true })
    this.#showChange('reset', this.#machine.content)
  }

  #storedState(): StoredState | null {
    const { memory, pending } = this.#machine
    if (!memory) return null
    const { kind, title, language, role, user, limits } = this.#state
    const about = {
      ...{ kind, title, language, role },
      ...(user && { user }),
      ...(limits && { limits }),
      ...(this.#lineage.length > 0 && { lineage: this.#lineage }),
    }
    return { ...stored(memory), key: this.#key, about, pending }
  }

  #greet(): ClientFrame | Promise<ClientFrame> {
    const token = this.#credentials.show()
    if (token instanceof Promise) return token.then((token) => this.#hello(token))
    return this.#hello(token)
  }

  #hello(token: string | undefined): ClientFrame {
    const { name, color } = this.#options
    const { epoch, rev } = this.#machine
    return {
      t: 'hello',
      key: this.#key,
      ...(epoch !== null && !this.#refetch && { epoch, rev }),
      ...(token !== undefined && { token }),
      ...(name !== undefined && { name }),
      ...(color !== undefined && { color }),
    }
  }

  #process(frame: ServerFrame): void {
    try {
      this.#handle(frame)
    } catch (error) {
      console.error('tutti: out of step with the server, fetching the content', error)
      this.#startOver()
    }
  }

  /** Connects anew and asks for the whole content. */
  #startOver(): void {
    this.#refetch = true
    this.#connection.restart({ backoff: true })
  }

  #handle(frame: ServerFrame): void {
    switch (frame.t) {
      case 'welcome':
        this.#welcome(frame)
        break
      case 'records':
        this.#take(frame.records)
        this.#outbox.flush()
        break
      case 'presence':
        this.#others.update(frame.people)
        this.#showPeople()
        break
      case 'meta':
        this.#setMeta(frame)
        break
      case 'notice':
        this.#events.emit('notice', frame.text)
        break
      case 'refused':
        this.#refuse(frame)
        break
      case 'chat':
      case 'chat_refused':
        this.#events.emit('chat', frame)
        break
      case 'diverged':
        this.#check.diverged()
        this.#startOver()
        break
      // Pongs have done their work by arriving; what we do not know yet is no concern of ours.
    }
  }

  #welcome(frame: Welcome): void {
    const before = this.#state.user
    if (before && !isSamePerson(before, frame.user)) {
      // Before anything is told or sent: a tab that slept may wake with another's cookie.
      this.#connection.stop(anotherPerson, 'another person is logged in')
      return
    }
    this.#client = frame.client
    this.#cursor.forget()
    const { visible, refusal } = lossBy(frame, this.#machine, this.#state, this.#lineage)
    const change = frame.content && this.#machine.adopt(new Delta(frame.content), frame)
    if (change) {
      this.#lineage = frame.lineage ?? []
      this.#keeper?.replaced()
    } else {
      this.#machine.resume(frame)
    }
    this.#refetch = false
    this.#isOnline = true
    this.#credentials.letIn()
    this.#outbox.open()
    const { kind, user, limits } = frame
    const lastMessage = frame.chat?.last ?? 0
    this.#update({ status: 'online', loaded: true, kind, user, limits, lastMessage })
    this.#setMeta(frame)
    // The cursors are at the revision that the records lead to.
    this.#others.reset(change ? frame.people : [])
    if (change) this.#showChange('reset', visible ? visible.compose(change) : change)
    else this.#take(frame.records ?? [])
    this.#others.reset(frame.people)
    this.#showPeople()
    if (refusal) this.#report(refusal)
    this.#outbox.transmit()
    this.#outbox.flush()
    this.#events.emit('chat', frame)
  }

  #take(records: readonly Committed[]): void {
    const { isUndecided } = this.#machine
    const { visible, steps } = this.#machine.receive(records)
    this.#keeper?.passed(
      steps.map(({ delta }) => delta),
      this.#machine.rev,
    )
    const moved = this.#others.move(steps)
    this.#cursor.moveKnown(this.#client, steps)
    this.#check.changed()
    if (moved) this.#people = null
    this.#showChange('remote', visible)
    if (moved) this.#showPeople()
    this.#update({})
    if (isUndecided) this.#outbox.transmit()
  }

  #refuse({ seq, code, message }: Refused): void {
    // These speak of our place in the history, not of the delta: nothing need be lost.
    if (code === 'seq_stale' || code === 'rev_stale' || code === 'rev_beyond_head') {
      this.#machine.recall()
      this.#startOver()
      return
    }
    const { unacknowledged } = this.#machine
    const taken = this.#machine.refuse(seq)
    if (!taken) return
    // Who may but read would have the rest refused as well: it comes back in one piece.
    const rest = code === 'read_only' ? this.#machine.giveUp() : null
    this.#people = null
    this.#keeper?.changed()
    this.#showChange('remote', rest ? taken.visible.compose(rest.visible) : taken.visible)
    this.#report({ code, message, text: insertedText(rest ? unacknowledged : taken.refused) })
    this.#outbox.flush()
  }

  #report(refusal: Refusal): void {
    this.#update({ refusals: [...this.#state.refusals, refusal] })
    this.#events.emit('refused', refusal)
  }

  #showChange(event: 'remote' | 'reset', change: Delta): void {
    this.#people = null
    this.#cursor.moveWanted(change, false)
    if (change.ops.length > 0 || event === 'reset') this.#events.emit(event, change)
  }

  #setMeta(meta: { title?: string; language?: string; role?: Role }): void {
    const title = meta.title ?? this.#state.title
    const language = meta.language ?? this.#state.language
    const role = meta.role ?? this.#state.role
    const before = this.#state
    if (title === before.title && language === before.language && role === before.role) return
    this.#update({ title, language, role })
    this.#keeper?.changed()
    this.#events.emit('meta', { title, language, role })
  }

  #showPeople(): void {
    this.#people = null
    this.#events.emit('people', this.people)
  }

  #send(frame: ClientFrame): void {
    this.#connection.send(frame)
  }

  /** Whether the server has just what the person sees, and can be told so. */
  #isSettled(): boolean {
    return this.#isOnline && this.#machine.isSynchronized
  }

  #ended(verdict: Verdict): void {
    this.#isOnline = false
    this.#gate.clear()
    this.#check.stop()
    this.#outbox.close()
    this.#credentials.leave()
    if (verdict === 'refetch') this.#refetch = true
    if (verdict === 'rekey') {
      this.#key = newKey()
      this.#outbox.storeFirst()
    }
  }

  #show(connection: ConnectionState): void {
    switch (connection.status) {
      case 'connecting':
        this.#update({ status: 'connecting' })
        break
      case 'waiting':
        this.#update({ status: 'offline', retryAt: connection.retryAt })
        break
      case 'closed':
        this.#update({ status: 'offline' })
        break
      case 'stopped': {
        const { code, reason } = connection
        this.#update({ status: 'stopped', stopped: { code, reason } })
        break
      }
    }
    if (connection.status !== 'connecting') {
      this.#others.reset([])
      this.#showPeople()
    }
  }

  #update(change: Partial<DocumentState>): void {
    const { stopped, retryAt, ...rest } = this.#state
    const keepsStatus = change.status === undefined
    this.#state = {
      ...rest,
      ...(keepsStatus && stopped && { stopped }),
      ...(keepsStatus && retryAt !== undefined && { retryAt }),
      ...change,
      saved: this.#machine.isSynchronized,
      pending: this.#machine.pending,
      kept: this.#keeper !== null && !this.#keeper.hasFailed,
      revision: this.#machine.rev,
    }
    this.#events.emit('state', this.#state)
  }
}
