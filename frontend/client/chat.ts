import type { TuttiDocument } from './document'
import { Events } from './events'
import type { CallOptions } from './rest/call'
import { listChat } from './rest/chat'
import type { ChatFrame, ChatMessage, DeletedMessage } from './wire'

export interface ChatEvents {
  /** Anything below may have changed. */
  change: undefined
  /** A message of somebody else's that came while connected. */
  message: ChatMessage
  /** A line that the server did not take; it is given back. */
  refused: { readonly text: string; readonly message: string }
}

const pageSize = 50

/**
 * The conversation beside a document: what has been loaded of it, and one's own
 * lines on their way. The server keeps no key of a line, so one is sent again
 * after a broken connection only if it is not among what was said meanwhile.
 */
export class Chat {
  readonly #doc: TuttiDocument
  readonly #options: CallOptions | undefined
  readonly #events = new Events<ChatEvents>()
  readonly #off: () => void
  #messages: readonly ChatMessage[] = []
  #outbox: readonly string[] = []
  #last = 0
  #older: string | undefined
  #loaded = false
  #isSent = false
  #isOnline = false

  constructor(doc: TuttiDocument, options?: CallOptions) {
    this.#doc = doc
    this.#options = options
    const offs = [
      doc.on('chat', (frame) => this.#take(frame)),
      doc.on('state', ({ status }) => {
        if (status !== 'online') this.#isOnline = this.#isSent = false
      }),
    ]
    this.#off = () => offs.forEach((off) => off())
    const { status, lastMessage = 0 } = doc.state
    if (status === 'online') void this.#catchUp(lastMessage)
  }

  /** As far as they are loaded, the oldest first. */
  get messages(): readonly ChatMessage[] {
    return this.#messages
  }

  /** The id of the newest message, 0 for none, whether it is loaded or not. */
  get last(): number {
    return this.#last
  }

  /** Whether the server has messages older than those that are loaded. */
  get hasOlder(): boolean {
    return !this.#loaded || this.#older !== undefined
  }

  /** One's own lines that the server has not confirmed. */
  get outbox(): readonly string[] {
    return this.#outbox
  }

  on<Name extends keyof ChatEvents>(
    name: Name,
    handler: (value: ChatEvents[Name]) => void,
  ): () => void {
    return this.#events.on(name, handler)
  }

  close(): void {
    this.#off()
  }

  /** Says a line; while offline it waits. */
  say(text: string): void {
    this.#outbox = [...this.#outbox, text]
    this.#flush()
    this.#changed()
  }

  /** Loads the newest page, or the one before those that are loaded. */
  async load(): Promise<void> {
    const before = this.#loaded ? this.#older : undefined
    if (this.#loaded && before === undefined) return
    const page = await listChat(
      this.#doc.id,
      { limit: pageSize, ...(before !== undefined && { before }) },
      this.#options,
    )
    this.#loaded = true
    this.#older = page.next
    this.#merge(page.items)
    this.#changed()
  }

  #take(frame: ChatFrame): void {
    switch (frame.t) {
      case 'welcome':
        void this.#catchUp(frame.chat?.last ?? 0)
        break
      case 'chat':
        this.#merge(frame.messages)
        for (const message of frame.messages) this.#heard(message)
        break
      case 'chat_refused':
        this.#refused(frame.message)
        break
    }
    this.#changed()
  }

  #heard(message: ChatMessage | DeletedMessage): void {
    if ('deleted' in message) return
    if (message.user.id !== this.#doc.state.user?.id) this.#events.emit('message', message)
    else if (message.text === this.#outbox[0]?.trim()) this.#confirmed()
  }

  #refused(why: string): void {
    const text = this.#outbox[0]
    if (text === undefined) return
    this.#confirmed()
    this.#events.emit('refused', { text, message: why })
  }

  #confirmed(): void {
    this.#outbox = this.#outbox.slice(1)
    this.#isSent = false
    this.#flush()
  }

  /** Loads what was said while this was not connected, before any line of ours is sent again. */
  async #catchUp(last: number): Promise<void> {
    const known = this.#last
    this.#last = Math.max(known, last)
    if (last > known && (this.#loaded || this.#outbox.length > 0)) {
      try {
        await this.#loadAfter(known)
      } catch {
        return // The connection broke again; the next welcome tries anew.
      }
    }
    this.#isOnline = true
    this.#flush()
    this.#changed()
  }

  async #loadAfter(known: number): Promise<void> {
    let before: string | undefined
    const missed: (ChatMessage | DeletedMessage)[] = []
    do {
      const query = { limit: 200, ...(before !== undefined && { before }) }
      const page = await listChat(this.#doc.id, query, this.#options)
      missed.unshift(...[...page.items].reverse().filter(({ id }) => id > known))
      before = (page.items.at(-1)?.id ?? 0) > known ? page.next : undefined
    } while (before !== undefined)
    this.#merge(missed)
    for (const message of missed) this.#heard(message)
  }

  #flush(): void {
    const text = this.#outbox[0]
    if (text === undefined || this.#isSent || !this.#isOnline) return
    this.#isSent = true
    this.#doc.say(text)
  }

  #merge(news: readonly (ChatMessage | DeletedMessage)[]): void {
    const byId = new Map(this.#messages.map((message) => [message.id, message]))
    for (const message of news) {
      this.#last = Math.max(this.#last, message.id)
      if ('deleted' in message) byId.delete(message.id)
      else byId.set(message.id, message)
    }
    this.#messages = [...byId.values()].sort((a, b) => a.id - b.id)
  }

  #changed(): void {
    this.#events.emit('change', undefined)
  }
}
