import { Chat, deleteChat, type ChatMessage } from '#client'
import type { LiveDocument } from '../documents/live.svelte'
import { identity } from '../identity.svelte'
import { mentions } from './mentions'

/** The conversation beside a document, as this person has seen it. What is read from it is reactive. */
export class Conversation {
  messages = $state.raw<readonly ChatMessage[]>([])
  /** One's own lines on their way. */
  outbox = $state.raw<readonly string[]>([])
  hasOlder = $state(true)
  /** The newest message that this person has seen, also in a visit before. */
  seen = $state(0)
  last = $state(0)
  /** What is being written. It stays here when the panel is closed, or nothing may be said any more. */
  draft = $state('')
  /** Whether somebody has called this person by name since they last looked. */
  called = $state(false)
  /** The last line that the server did not take, and why. */
  refused = $state.raw<{ text: string; message: string }>()
  /** What came last, for a screen reader. */
  heard = $state.raw<ChatMessage>()
  readonly unread = $derived(Math.max(0, this.last - this.seen))

  readonly #live: LiveDocument
  readonly #chat: Chat
  #watched = false

  constructor(live: LiveDocument) {
    this.#live = live
    this.#chat = new Chat(live.doc)
    this.seen = rememberedSeen(live.id)
    this.#chat.on('change', () => this.#show())
    this.#chat.on('refused', (refused) => (this.refused = refused))
    this.#chat.on('message', (message) => {
      this.heard = message
      if (!this.#watched && mentions(message.text, identity().name)) this.called = true
    })
    this.#show()
  }

  close(): void {
    this.#chat.close()
  }

  say(text: string): void {
    this.refused = undefined
    this.#chat.say(text)
  }

  load(): Promise<void> {
    return this.#chat.load()
  }

  async remove(message: ChatMessage): Promise<void> {
    await deleteChat(this.#live.id, message.id)
  }

  /** Whether this person may take a message away. */
  removes(message: ChatMessage): boolean {
    const { role, user } = this.#live.state
    return role === 'owner' || (role !== 'viewer' && message.user.id === user?.id)
  }

  /** Says whether the person has the conversation before their eyes: then nothing is unread. */
  watch(watched: boolean): void {
    this.#watched = watched
    if (watched) this.#sawAll()
  }

  #show(): void {
    this.messages = this.#chat.messages
    this.outbox = this.#chat.outbox
    this.hasOlder = this.#chat.hasOlder
    this.last = this.#chat.last
    if (this.#watched) this.#sawAll()
  }

  #sawAll(): void {
    this.called = false
    if (this.seen >= this.last) return
    this.seen = this.last
    rememberSeen(this.#live.id, this.last)
  }
}

const storageKey = (id: string) => `tutti.chat.${id}`

function rememberedSeen(id: string): number {
  try {
    return Number(localStorage.getItem(storageKey(id))) || 0
  } catch {
    return 0
  }
}

function rememberSeen(id: string, last: number): void {
  try {
    localStorage.setItem(storageKey(id), String(last))
  } catch {
    // Without storage all is unread again at the next visit.
  }
}
