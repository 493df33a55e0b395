import Delta from 'quill-delta'
import { describe, expect, it, vi } from 'vitest'
import { TuttiDocument } from '../document'
import { anotherPerson, type Refusal } from '../state'
import { canonical, randomEdit, Tokens, tokensIn } from './edits'
import { Line, Network } from './network'
import { Random, seeds } from './random'
import { DummyServer } from './server'
import { Shelf } from './shelf'

/** A person's browser: tabs come and go, what is on the shelf stays. */
class Browser {
  readonly shelf: Shelf
  readonly #network: Network
  tab: Tab

  constructor(network: Network) {
    this.#network = network
    this.shelf = new Shelf(network.clock, network.random)
    this.tab = new Tab(network, this.shelf)
  }

  /** The tab is gone at once, as when a process dies. */
  crash(): void {
    this.shelf.abandon()
    this.tab.die()
    this.tab = new Tab(this.#network, this.shelf)
  }
}

class Tab {
  readonly doc: TuttiDocument
  shown = new Delta()
  readonly refusals: Refusal[] = []
  #isDead = false
  readonly #lines: Line[] = []

  constructor(network: Network, shelf: Shelf) {
    const environment = network.environment()
    const whileAlive = (callback: () => void) => () => {
      if (!this.#isDead) callback()
    }
    this.doc = new TuttiDocument(
      { url: 'http://tutti', id: 'd', storage: shelf.storage() },
      {
        ...environment,
        setTimeout: (callback, ms) => environment.setTimeout(whileAlive(callback), ms),
        connect: (url, subprotocol, events) => {
          const socket = environment.connect(url, subprotocol, {
            opened: whileAlive(() => events.opened()),
            received: (data) => !this.#isDead && events.received(data),
            closed: (code, reason) => !this.#isDead && events.closed(code, reason),
          })
          if (socket instanceof Line) this.#lines.push(socket)
          return socket
        },
      },
    )
    const apply = (delta: Delta) => (this.shown = this.shown.compose(delta))
    this.doc.on('remote', apply)
    this.doc.on('reset', apply)
    this.doc.on('refused', (refusal) => this.refusals.push(refusal))
    this.doc.connect()
  }

  die(): void {
    this.#isDead = true
    for (const line of this.#lines) line.cut()
  }

  type(delta: Delta): void {
    this.shown = this.shown.compose(delta)
    this.doc.submit(delta)
  }
}

/** Lets promises and time go on together. */
async function pass(network: Network, ms: number): Promise<void> {
  const step = Math.max(1, Math.ceil(ms / 20))
  for (let passed = 0; passed < ms; passed += step) {
    await settle()
    network.clock.pass(step)
  }
  await settle()
}

async function settle(): Promise<void> {
  for (let i = 0; i < 8; i++) await Promise.resolve()
}

async function open(text: string, count = 1, random = new Random(1), user = 'guest:1') {
  const server = new DummyServer(new Delta().insert(text), random)
  server.user = user
  const network = new Network(server, random)
  const browsers = Array.from({ length: count }, () => new Browser(network))
  await pass(network, 500)
  return { server, network, browsers: browsers as [Browser, ...Browser[]] }
}

const insert = (at: number, text: string) => new Delta().retain(at).insert(text)

describe('a document that is kept', () => {
  it('is not sent from the next tab by anybody else', async () => {
    const { server, network, browsers } = await open('text', 1, new Random(1), 'ada')
    const [ada] = browsers
    network.isUp = false
    for (const line of network.lines) line.cut()
    ada.tab.type(insert(4, '!'))
    await pass(network, 1000)
    ada.crash()
    server.user = 'bob'
    network.isUp = true
    await pass(network, 60_000)
    expect(ada.tab.doc.state).toMatchObject({ stopped: { code: anotherPerson }, pending: 1 })
    expect(server.log).toEqual([])

    server.user = 'ada'
    ada.crash()
    await pass(network, 60_000)
    expect(ada.tab.doc.state).toMatchObject({ status: 'online', saved: true })
    expect(server.content.ops).toEqual([{ insert: 'text!' }])
  })

  it('shows what was written offline in a tab that is gone, and sends it once', async () => {
    const { server, network, browsers } = await open('text', 2)
    const [ada, bob] = browsers as [Browser, Browser]
    network.isUp = false
    for (const line of network.lines) line.cut()
    for (let i = 0; i < 500; i++) {
      ada.tab.type(insert(4 + i, String.fromCodePoint(0x4e00 + i)))
      if (i % 100 === 0) await pass(network, 500)
    }
    await pass(network, 500)
    ada.crash()
    await pass(network, 500)
    expect(ada.tab.doc.state).toMatchObject({ loaded: true, pending: 500, role: 'editor' })
    expect(ada.tab.shown).toEqual(ada.tab.doc.content)
    expect(ada.tab.shown.length()).toBe(504)
    ada.tab.type(insert(0, 'before '))

    network.isUp = true
    bob.tab.type(insert(0, 'meanwhile '))
    network.wake()
    await pass(network, 3000)
    const offline = Array.from({ length: 500 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('')
    expect(server.content.ops).toEqual([{ insert: `before meanwhile text${offline}` }])
    expect(ada.tab.shown.ops).toEqual(server.content.ops)
    expect(ada.tab.doc.state.saved).toBe(true)
  })

  it('goes on from what is stored without asking for the content', async () => {
    const { network, browsers } = await open('text')
    browsers[0].tab.type(insert(4, '!'))
    await pass(network, 3000)
    browsers[0].crash()
    await pass(network, 500)
    const hello = [...network.lines].at(-1)?.sent[0]
    expect(hello).toMatchObject({ t: 'hello', rev: 1, epoch: 'epoch-1' })
    expect(browsers[0].tab.shown.ops).toEqual([{ insert: 'text!' }])
  })

  it('knows what it sent after it last stored', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { server, network, browsers } = await open('')
    const [{ shelf }] = browsers
    network.isUp = false
    for (const line of network.lines) line.cut()
    browsers[0].tab.type(insert(0, 'old '))
    await pass(network, 1000)
    expect(shelf.stored?.state.pending).toBe(1)
    network.isUp = true
    network.wake()
    await pass(network, 100)
    // All of this reaches the server, and none of it the disk.
    shelf.isBroken = true
    browsers[0].tab.type(insert(4, 'new '))
    await pass(network, 2000)
    expect(server.content.ops).toEqual([{ insert: 'old new ' }])
    shelf.isBroken = false
    browsers[0].crash()
    await settle()
    browsers[0].tab.type(insert(4, 'newest '))
    await pass(network, 2000)
    expect(server.content.ops).toEqual([{ insert: 'old newest new ' }])
    expect(browsers[0].tab.shown.ops).toEqual(server.content.ops)
    logged.mockRestore()
  })

  it('writes little: not the content with each edit, and not each edit by itself', async () => {
    const { network, browsers } = await open('x'.repeat(100_000), 2)
    const [ada, bob] = browsers as [Browser, Browser]
    await pass(network, 3000)
    const before = { saves: ada.shelf.saves, bytes: ada.shelf.bytes }
    for (let i = 0; i < 200; i++) {
      ada.tab.type(insert(i, 'a'))
      bob.tab.type(insert(0, 'b'))
      await pass(network, 30)
    }
    await pass(network, 3000)
    expect(ada.shelf.saves - before.saves).toBeLessThan(25)
    expect(ada.shelf.bytes - before.bytes).toBeLessThan(60_000)
  })

  it('puts many small changes into the content now and then', async () => {
    const { network, browsers } = await open('')
    for (let i = 0; i < 1200; i++) {
      browsers[0].tab.type(insert(i, 'a'))
      await pass(network, 20)
    }
    await pass(network, 3000)
    expect(browsers[0].shelf.stored?.deltas.length).toBeLessThanOrEqual(500)
    expect(browsers[0].shelf.stored?.base.rev).toBeGreaterThan(500)
    browsers[0].crash()
    network.isUp = false
    await pass(network, 100)
    expect(browsers[0].tab.shown.length()).toBe(1200)
  })

  it('does without storage where that fails, and says so', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { server, network, browsers } = await open('')
    expect(browsers[0].tab.doc.state.kept).toBe(true)
    browsers[0].shelf.isBroken = true
    browsers[0].tab.type(insert(0, 'x'))
    await pass(network, 3000)
    expect(browsers[0].tab.doc.state).toMatchObject({ saved: true, kept: false })
    expect(server.content.ops).toEqual([{ insert: 'x' }])
    expect(logged).toHaveBeenCalled()
    logged.mockRestore()
  })

  it('gives up what was written for a document that is another one now', async () => {
    const { server, network, browsers } = await open('about bees')
    network.isUp = false
    for (const line of network.lines) line.cut()
    browsers[0].tab.type(insert(10, ' and honey'))
    await pass(network, 1000)
    server.epoch = 'another'
    server.contents[0] = new Delta().insert('MINUTES OF MONDAY')
    network.isUp = true
    network.wake()
    await pass(network, 20_000)
    expect(browsers[0].tab.refusals).toMatchObject([{ code: 'replaced', text: ' and honey' }])
    expect(browsers[0].tab.shown.ops).toEqual([{ insert: 'MINUTES OF MONDAY' }])
    expect(server.head).toBe(0)
  })

  it(
    'loses and doubles nothing that was stored or acknowledged',
    { timeout: 600_000 },
    async () => {
      for (const seed of seeds(60)) {
        try {
          await storm(seed)
        } catch (error) {
          throw new Error(`TUTTI_SEED=${seed} TUTTI_SEEDS=1`, { cause: error })
        }
      }
    },
  )
})

async function storm(seed: number): Promise<void> {
  const random = new Random(seed)
  const { server, network, browsers } = await open('', 2 + random.below(2), random)
  const tokens = new Tokens()
  const written = new Set<string>()
  const mayBeGone = new Set<string>()
  server.page = 1 + random.below(10)
  // A small one has edits sent in parts.
  server.limits = { ...server.limits, delta: random.chance(0.3) ? 150 : 1 << 19 }
  network.latency = random.pick([
    [1, 3],
    [20, 80],
    [50, 400],
  ])
  for (let step = 0; step < 120; step++) {
    const browser = random.pick(browsers)
    const { tab } = browser
    const dice = random.below(100)
    if (dice < 60) {
      if (tab.doc.state.loaded) {
        const before = new Set(tokensIn(tab.shown))
        tab.type(randomEdit(tab.shown, tokens, random))
        const after = new Set(tokensIn(tab.shown))
        for (const token of after) if (!before.has(token)) written.add(token)
        for (const token of before) if (!after.has(token)) mayBeGone.add(token)
      }
    } else if (dice < 72) {
      const unsaved = tokensIn(new Delta().insert(tab.doc.unsavedText))
      browser.crash()
      const kept = JSON.stringify(browser.shelf.stored?.state ?? null)
      for (const token of unsaved) if (!kept.includes(token)) mayBeGone.add(token)
    } else if (dice < 76) {
      random.pick([...network.lines, undefined])?.cut()
    } else if (dice < 79) {
      server.restart()
    } else if (dice < 82) {
      network.isUp = !network.isUp
    } else if (dice < 84) {
      network.wake()
    }
    await pass(network, random.below(random.chance(0.05) ? 20_000 : 300))
  }
  network.isUp = true
  await pass(network, 120_000)

  const content = canonical(server.content)
  const present = tokensIn(server.content)
  expect(new Set(present).size).toBe(present.length)
  const missing = [...written].filter((token) => !mayBeGone.has(token) && !present.includes(token))
  expect(missing).toEqual([])
  for (const { tab } of browsers) {
    expect(tab.doc.state).toMatchObject({ status: 'online', saved: true, pending: 0 })
    expect(canonical(tab.doc.content)).toEqual(content)
    expect(canonical(tab.shown)).toEqual(content)
  }
}
