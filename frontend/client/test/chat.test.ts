import { afterEach, describe, expect, it, vi } from 'vitest'
import { Chat } from '../chat'
import type { TuttiDocument } from '../document'
import { Events } from '../events'
import type { DocumentEvents, DocumentState } from '../state'
import type { ChatMessage } from '../wire'

const me = { id: 'guest:me', name: 'Ada' }
const you = { id: 'guest:you', name: 'Bob' }

/** A server with a conversation, and the connection of one document to it. */
class Rig {
  readonly events = new Events<DocumentEvents>()
  readonly said: ChatMessage[] = []
  readonly sent: string[] = []
  state = { status: 'offline', user: me } as unknown as DocumentState
  /** Whether the server hears what is sent, or the connection is broken already. */
  hears = true
  /** Whether its answers arrive. */
  answers = true

  readonly chat = new Chat(this.document())

  document(): TuttiDocument {
    const state = () => this.state
    return {
      id: 'x',
      get state() {
        return state()
      },
      on: this.events.on.bind(this.events),
      say: (text: string) => {
        this.sent.push(text)
        if (this.hears) this.add(me, text)
      },
    } as unknown as TuttiDocument
  }

  add(user: typeof me, text: string): void {
    const message = { id: this.said.length + 1, user, text, at: 0 }
    this.said.push(message)
    if (this.answers && this.state.status === 'online')
      this.events.emit('chat', { t: 'chat', messages: [message] })
  }

  setStatus(status: DocumentState['status']): void {
    this.state = { ...this.state, status }
    this.events.emit('state', this.state)
  }

  async connect(): Promise<void> {
    this.setStatus('online')
    this.events.emit('chat', { t: 'welcome', chat: { last: this.said.length } })
    await vi.waitFor(() => expect(this.chat.last).toBe(this.said.length))
    await new Promise((resolve) => setTimeout(resolve))
  }

  serve(): void {
    vi.stubGlobal('location', { origin: 'http://tutti.test' })
    vi.stubGlobal('fetch', (url: string) => {
      const { searchParams } = new URL(url)
      const before = Number(searchParams.get('before') ?? Infinity)
      const limit = Number(searchParams.get('limit'))
      const items = this.said
        .filter(({ id }) => id < before)
        .reverse()
        .slice(0, limit)
      const oldest = items.at(-1)?.id ?? 1
      return Promise.resolve(Response.json({ items, ...(oldest > 1 && { next: String(oldest) }) }))
    })
  }
}

let rig: Rig
function start(): Rig {
  rig = new Rig()
  rig.serve()
  return rig
}

const texts = () => rig.chat.messages.map(({ text }) => text)

afterEach(() => vi.unstubAllGlobals())

describe('Chat', () => {
  it('says lines one after the other, and knows when they are there', async () => {
    const { chat } = start()
    chat.say('first')
    chat.say('second')
    expect(chat.outbox).toEqual(['first', 'second'])
    await rig.connect()
    expect(rig.said.map(({ text }) => text)).toEqual(['first', 'second'])
    expect(chat.outbox).toEqual([])
  })

  it('says a line again that the server never heard', async () => {
    const { chat } = start()
    await rig.connect()
    rig.hears = false
    chat.say('lost')
    rig.setStatus('offline')
    rig.hears = true
    await rig.connect()
    expect(rig.said.map(({ text }) => text)).toEqual(['lost'])
    expect(chat.outbox).toEqual([])
  })

  it('does not say a line again that the server has heard', async () => {
    const { chat } = start()
    await rig.connect()
    rig.answers = false
    chat.say('heard')
    rig.setStatus('offline')
    rig.answers = true
    await rig.connect()
    expect(rig.sent).toEqual(['heard'])
    expect(chat.outbox).toEqual([])
    expect(texts()).toEqual(['heard'])
  })

  it('loads page by page, and all that was said while it was away', async () => {
    const { chat } = start()
    for (let n = 1; n <= 120; n++) rig.add(you, String(n))
    await rig.connect()
    expect(chat.messages).toHaveLength(0)
    await chat.load()
    expect(texts()).toHaveLength(50)
    expect(chat.hasOlder).toBe(true)
    rig.setStatus('offline')
    for (let n = 121; n <= 600; n++) rig.add(you, String(n))
    await rig.connect()
    await vi.waitFor(() => expect(texts()).toHaveLength(530))
    await chat.load()
    await chat.load()
    expect(texts()).toEqual(Array.from({ length: 600 }, (_, n) => String(n + 1)))
    expect(chat.hasOlder).toBe(false)
  })

  it('gives a refused line back and goes on with the next', async () => {
    const { chat } = start()
    await rig.connect()
    rig.hears = false
    const refused = vi.fn()
    chat.on('refused', refused)
    chat.say('too long')
    chat.say('fine')
    rig.hears = true
    rig.events.emit('chat', {
      t: 'chat_refused',
      code: 'field_invalid',
      message: 'the text is too long',
    })
    expect(refused).toHaveBeenCalledWith({ text: 'too long', message: 'the text is too long' })
    expect(texts()).toEqual(['fine'])
  })

  it('takes away what is deleted', async () => {
    const { chat } = start()
    await rig.connect()
    rig.add(you, 'oops')
    expect(texts()).toEqual(['oops'])
    rig.events.emit('chat', { t: 'chat', messages: [{ id: 1, deleted: true }] })
    expect(texts()).toEqual([])
    expect(chat.last).toBe(1)
  })
})
