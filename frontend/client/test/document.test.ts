import Delta from 'quill-delta'
import { describe, expect, it } from 'vitest'
import { moveCursor } from '../delta'
import { TuttiDocument } from '../document'
import { anotherPerson, type DocumentState, type Refusal } from '../state'
import type { ClientFrame, Cursor, Person } from '../wire'
import { canonical, randomEdit, Tokens, tokensIn } from './edits'
import { Network } from './network'
import { Random, seeds } from './random'
import { DummyServer } from './server'

/** A document with an editor, which shows what it is told and what is typed. */
class Editor {
  readonly doc: TuttiDocument
  shown = new Delta()
  cursor: Cursor | null = null
  readonly states: DocumentState[] = []
  readonly refusals: Refusal[] = []
  people: readonly Person[] = []

  constructor(network: Network, name: string) {
    this.doc = new TuttiDocument({ url: 'http://tutti', id: 'd', name }, network.environment())
    this.doc.on('remote', (delta) => this.#apply(delta))
    this.doc.on('reset', (delta) => this.#apply(delta))
    this.doc.on('state', (state) => this.states.push(state))
    this.doc.on('people', (people) => (this.people = people))
    this.doc.on('refused', (refusal) => this.refusals.push(refusal))
    this.doc.connect()
  }

  type(delta: Delta): void {
    this.shown = this.shown.compose(delta)
    this.cursor &&= moveCursor(this.cursor, delta, true)
    this.doc.submit(delta)
  }

  go(anchor: number, head = anchor): void {
    this.cursor = { anchor, head }
    this.doc.setCursor(this.cursor)
  }

  #apply(delta: Delta): void {
    this.shown = this.shown.compose(delta)
    this.cursor &&= moveCursor(this.cursor, delta, false)
  }
}

function meet(text: string, names: string[], random = new Random(1)) {
  const server = new DummyServer(new Delta().insert(text), random)
  const network = new Network(server, random)
  const editors = names.map((name) => new Editor(network, name))
  network.clock.pass(100)
  return { server, network, editors: editors as [Editor, ...Editor[]] }
}

/** Somebody who was known to the server when the line was cut. */
function meetAs(user: string) {
  const server = new DummyServer(new Delta().insert('text'))
  server.user = user
  const network = new Network(server)
  const editors = [new Editor(network, 'Ada')] as const
  network.clock.pass(100)
  network.isUp = false
  for (const line of network.lines) line.cut()
  network.clock.pass(100)
  return { server, network, editors }
}

const insert = (at: number, text: string) => new Delta().retain(at).insert(text)

/** All that a document has sent over the socket it has now. */
function sent(network: Network, index = 0): ClientFrame[] {
  return [...network.lines][index]?.sent ?? []
}

describe('a document', () => {
  it('keeps everybody together over a bad network', { timeout: 600_000 }, () => {
    for (const seed of seeds(150)) {
      try {
        storm(seed)
      } catch (error) {
        throw new Error(`TUTTI_SEED=${seed} TUTTI_SEEDS=1`, { cause: error })
      }
    }
  })

  it('says what has become of the edits made here', () => {
    const { editors, network, server } = meet('', ['Ada'])
    const { doc } = editors[0]
    expect(doc.state).toMatchObject({
      status: 'online',
      loaded: true,
      saved: true,
      title: 'A title',
    })
    editors[0].type(insert(0, 'a'))
    editors[0].type(insert(1, 'b'))
    expect(doc.state).toMatchObject({ saved: false, pending: 2, revision: 0 })
    network.clock.pass(100)
    expect(doc.state).toMatchObject({ saved: true, pending: 0, revision: 2 })
    expect(server.content.ops).toEqual([{ insert: 'ab' }])
  })

  it('sends nothing that one person wrote as another', () => {
    const { editors, network, server } = meetAs('ada')
    const { doc } = editors[0]
    editors[0].type(insert(4, '!'))
    server.user = 'bob'
    network.isUp = true
    network.clock.pass(60_000)
    expect(doc.state.stopped?.code).toBe(anotherPerson)
    expect(doc.state).toMatchObject({ status: 'stopped', pending: 1, user: { id: 'ada' } })
    expect(doc.unsavedText).toBe('!')
    expect(server.log).toEqual([])
    doc.connect()
    network.clock.pass(1000)
    expect(doc.state.status).toBe('stopped')

    server.user = 'ada'
    doc.connect()
    network.clock.pass(1000)
    expect(doc.state).toMatchObject({ status: 'online', saved: true })
    expect(server.log.map(({ user }) => user)).toEqual(['ada'])
    expect(server.content.ops).toEqual([{ insert: 'text!' }])
  })

  it('goes on where a guest has signed in', () => {
    const { editors, network, server } = meetAs('guest:1')
    editors[0].type(insert(4, '!'))
    server.user = 'ada'
    network.isUp = true
    network.clock.pass(60_000)
    expect(editors[0].doc.state).toMatchObject({ status: 'online', saved: true })
    expect(server.content.ops).toEqual([{ insert: 'text!' }])
  })

  it('keeps what is written offline, and sends it when it is back', () => {
    const { editors, network, server } = meet('text', ['Ada', 'Bob'])
    const [ada, bob] = editors as [Editor, Editor]
    network.isUp = false
    for (const line of network.lines) line.cut()
    network.clock.pass(1000)
    expect(ada.doc.state.status).not.toBe('online')
    ada.type(insert(4, '!'))
    bob.type(insert(0, '?'))
    expect(ada.doc.unsavedText).toBe('!')
    network.isUp = true
    network.wake()
    network.clock.pass(1000)
    expect(server.content.ops).toEqual([{ insert: '?text!' }])
    expect([ada.shown.ops, bob.shown.ops]).toEqual([server.content.ops, server.content.ops])
    expect(ada.doc.state).toMatchObject({ status: 'online', saved: true })
  })

  it('notices a half-open socket, and loses nothing in it', () => {
    const { editors, network, server } = meet('', ['Ada'])
    for (const line of network.lines) line.halfOpen()
    editors[0].type(insert(0, 'x'))
    network.clock.pass(60_000)
    expect(editors[0].doc.state).toMatchObject({ status: 'online', saved: true, revision: 1 })
    expect(server.content.ops).toEqual([{ insert: 'x' }])
  })

  it('takes back what is refused, and says so until that is dismissed', () => {
    const { editors, network, server } = meet('text', ['Ada'])
    const [ada] = editors
    server.refuses = () => 'document_too_large'
    ada.type(insert(0, 'too much '))
    network.clock.pass(100)
    const refusal = {
      code: 'document_too_large',
      message: 'refused: document_too_large',
      text: 'too much ',
    }
    expect(ada.refusals).toEqual([refusal])
    expect(ada.shown.ops).toEqual([{ insert: 'text' }])
    expect(ada.doc.state).toMatchObject({ saved: true, refusals: [refusal] })
    ada.doc.discardRefused()
    expect(ada.doc.state.refusals).toEqual([])
  })

  it('gives all back in one piece to who may but read from now on', () => {
    const { editors, network, server } = meet('text', ['Ada'])
    const [ada] = editors
    ada.type(insert(4, ' one'))
    ada.type(insert(8, ' two'))
    server.role = 'viewer'
    network.clock.pass(1000)
    expect(ada.refusals).toMatchObject([{ code: 'read_only', text: ' one two' }])
    expect(ada.doc.state).toMatchObject({ saved: true, pending: 0 })
    expect(ada.shown.ops).toEqual([{ insert: 'text' }])
    server.role = 'editor'
    ada.type(insert(4, '!'))
    network.clock.pass(1000)
    expect(server.content.ops).toEqual([{ insert: 'text!' }])
  })

  it('loses nothing where its place in the history is refused', () => {
    const { editors, network, server } = meet('', ['Ada'])
    let refusals = 0
    server.refuses = () => (refusals++ === 0 ? 'rev_stale' : null)
    editors[0].type(insert(0, 'x'))
    network.clock.pass(5000)
    expect(server.content.ops).toEqual([{ insert: 'x' }])
    expect(editors[0].refusals).toEqual([])
  })

  it('cuts an edit that is too large for one frame', () => {
    const { editors, network, server } = meet('old', ['Ada'])
    server.limits = { ...server.limits, delta: 2000, frame: 3000, rate: 50 }
    editors[0].doc.setIdentity('Ada', '#112233')
    network.clock.pass(100)
    const text = 'né\u{1F600}'.repeat(5000)
    editors[0].type(new Delta().insert(text).delete(3))
    network.clock.pass(100)
    expect(editors[0].doc.state.pending).toBe(1)
    network.clock.pass(10_000)
    expect(server.content.ops).toEqual([{ insert: text }])
    expect(editors[0].refusals).toEqual([])
  })

  it('takes back as a whole what would outgrow the document', () => {
    const { editors, network, server } = meet('text', ['Ada'])
    server.limits = { ...server.limits, delta: 200, frame: 400, document: 1000 }
    editors[0].doc.setIdentity('Ada', '#112233')
    network.clock.pass(100)
    editors[0].type(insert(4, 'x'.repeat(1001)))
    network.clock.pass(100)
    expect(editors[0].refusals).toMatchObject([
      { code: 'document_too_large', text: 'x'.repeat(1001) },
    ])
    expect(editors[0].doc.state.saved).toBe(true)
    editors[0].type(insert(4, '!'))
    network.clock.pass(100)
    expect(server.content.ops).toEqual([{ insert: 'text!' }])
    expect(server.head).toBe(1)
  })

  it('keeps to the pace that the server allows', () => {
    const { editors, network, server } = meet('', ['Ada'])
    server.limits = { ...server.limits, rate: 10 }
    editors[0].doc.setIdentity('Ada', '#112233')
    network.clock.pass(100)
    for (let i = 0; i < 100; i++) {
      editors[0].type(insert(i, 'x'))
      network.clock.pass(10)
    }
    expect(server.head).toBeGreaterThanOrEqual(9)
    expect(server.head).toBeLessThanOrEqual(11)
  })

  it('finds its way back when a backup was restored', () => {
    const { editors, network, server } = meet('', ['Ada', 'Bob'])
    const [ada, bob] = editors as [Editor, Editor]
    ada.type(insert(0, 'kept '))
    network.clock.pass(100)
    bob.type(insert(5, 'gone '))
    network.clock.pass(100)
    server.restore(1)
    ada.type(insert(10, 'new'))
    network.clock.pass(20_000)
    expect(server.content.ops).toEqual([{ insert: 'kept new' }])
    expect([ada.shown.ops, bob.shown.ops]).toEqual([server.content.ops, server.content.ops])
  })

  it('fetches the content when the server says that it has diverged', () => {
    const { editors, network, server } = meet('text', ['Ada'])
    for (const session of server.sessions) session.send({ t: 'diverged', rev: 0 })
    server.contents[0] = new Delta().insert('other text')
    network.clock.pass(5000)
    expect(editors[0].shown.ops).toEqual([{ insert: 'other text' }])
  })

  it('shows where the others are, also where own edits are still on their way', () => {
    const { editors, network } = meet('one two', ['Ada', 'Bob'])
    const [ada, bob] = editors as [Editor, Editor]
    bob.go(4, 7)
    network.clock.pass(200)
    expect(ada.people).toMatchObject([{ name: 'Bob', cursor: { anchor: 4, head: 7 } }])
    ada.type(insert(0, 'zero '))
    expect(ada.doc.people[0]?.cursor).toEqual({ anchor: 9, head: 12 })
    network.clock.pass(200)
    expect(ada.doc.people[0]?.cursor).toEqual({ anchor: 9, head: 12 })
    bob.doc.close()
    network.clock.pass(200)
    expect(ada.people).toEqual([])
  })

  it('sends a cursor only where the server does not know it from the edits', () => {
    const { editors, network } = meet('text', ['Ada'])
    const [ada] = editors
    ada.go(4)
    for (let i = 0; i < 5; i++) {
      ada.type(insert(4 + i, '!'))
      ada.go(5 + i)
      network.clock.pass(100)
    }
    const frames = sent(network).filter(({ t }) => t === 'presence')
    expect(frames).toEqual([{ t: 'presence', rev: 0, cursor: { anchor: 4, head: 4 } }])
  })

  it('sends the last of many cursors, not all of them', () => {
    const { editors, network } = meet('some text', ['Ada'])
    for (let at = 0; at < 9; at++) {
      editors[0].go(at)
      network.clock.pass(10)
    }
    network.clock.pass(200)
    const cursors = sent(network).flatMap((frame) => (frame.t === 'presence' ? frame.cursor : []))
    expect(cursors.length).toBeLessThan(4)
    expect(cursors.at(-1)).toEqual({ anchor: 8, head: 8 })
  })

  it('says how it wants to be seen, in a new session when that changes', () => {
    const { editors, network } = meet('', ['Ada', 'Bob'])
    const [ada, bob] = editors as [Editor, Editor]
    bob.doc.setIdentity('Robert', '#aa0000')
    network.clock.pass(200)
    expect(ada.people).toMatchObject([{ name: 'Robert', color: '#aa0000' }])
    bob.type(insert(0, 'x'))
    network.clock.pass(200)
    expect(ada.shown.ops).toEqual([{ insert: 'x' }])
  })

  it('takes a new key when another session has taken its own', () => {
    const { editors, network, server } = meet('', ['Ada'])
    const keys = () => [...server.sessions].map(({ client }) => client)
    const before = keys()
    editors[0].type(insert(0, 'x'))
    for (const session of server.sessions) session.end(4411)
    network.clock.pass(5000)
    expect(keys()).toHaveLength(1)
    expect(keys()).not.toEqual(before)
    expect(server.content.ops).toEqual([{ insert: 'x' }])
    expect(editors[0].doc.state.saved).toBe(true)
  })

  it('stops where it is told to, and keeps the text', () => {
    const { editors, network, server } = meet('text', ['Ada'])
    const [{ doc }] = editors
    for (const session of server.sessions) session.end(4410)
    editors[0].type(insert(0, 'unsaved '))
    network.clock.pass(60_000)
    expect(doc.state).toMatchObject({
      status: 'stopped',
      saved: false,
      stopped: { code: 4410, reason: 'ended' },
    })
    expect(doc.unsavedText).toBe('unsaved ')
    doc.connect()
    network.clock.pass(100)
    expect(doc.state.status).toBe('online')
    expect(doc.state.stopped).toBeUndefined()
    expect(server.content.ops).toEqual([{ insert: 'unsaved text' }])
  })

  it('goes on with another token where its own has ended, with what was written', async () => {
    const server = new DummyServer(new Delta().insert('text'), new Random(1))
    const network = new Network(server)
    server.token = 'first'
    const asked: (string | undefined)[] = []
    const token = (refused?: string) => {
      asked.push(refused)
      return refused === undefined ? 'first' : 'second'
    }
    const doc = new TuttiDocument({ url: 'http://tutti', id: 'd', token }, network.environment())
    const stops = new Set<unknown>()
    doc.on('state', ({ stopped }) => stops.add(stopped))
    /** The promise of a token comes between what the clock does. */
    const pass = async () => {
      for (let i = 0; i < 5; i++) {
        network.clock.pass(500)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    doc.connect()
    await pass()
    expect(doc.state.status).toBe('online')

    server.token = 'second'
    for (const session of server.sessions) session.end(4401)
    doc.submit(insert(4, ' and more'))
    await pass()
    expect([doc.state.status, doc.state.saved]).toEqual(['online', true])
    expect(server.content.ops).toEqual([{ insert: 'text and more' }])
    expect(asked).toEqual([undefined, 'first'])
    expect([...stops]).toEqual([undefined])

    // One that is refused at once shows that there is no other.
    server.token = 'third'
    for (const session of server.sessions) session.end(4401)
    await pass()
    expect(doc.state.stopped?.code).toBe(4401)
    expect(asked).toEqual([undefined, 'first', 'second'])
  })

  it('shows another token before its own ends, on the socket that it has', async () => {
    const server = new DummyServer(new Delta().insert('text'), new Random(1))
    const network = new Network(server)
    const tokens: string[] = []
    const token = () => {
      const claims = { exp: Math.floor(network.clock.now() / 1000) + 100, n: tokens.length }
      tokens.push(`e30.${btoa(JSON.stringify(claims))}.x`)
      return tokens.at(-1) ?? ''
    }
    const doc = new TuttiDocument({ url: 'http://tutti', id: 'd', token }, network.environment())
    const pass = async (seconds: number) => {
      for (let i = 0; i < seconds; i++) {
        network.clock.pass(1_000)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    doc.connect()
    await pass(200)
    const shown = sent(network).flatMap((frame) => (frame.t === 'token' ? frame.token : []))
    expect([network.lines.size, doc.state.status]).toEqual([1, 'online'])
    expect(tokens).toHaveLength(3)
    expect(shown).toEqual(tokens.slice(1))
    doc.close()
    await pass(200)
    expect(tokens).toHaveLength(3)
  })

  it('lets nothing in while it is held, but takes edits', () => {
    const { editors, network, server } = meet('text', ['Ada', 'Bob'])
    const [ada, bob] = editors as [Editor, Editor]
    const release = ada.doc.hold()
    bob.type(insert(0, 'remote '))
    network.clock.pass(100)
    ada.type(insert(4, ' local'))
    network.clock.pass(100)
    expect(ada.shown.ops).toEqual([{ insert: 'text local' }])
    expect(server.content.ops).toEqual([{ insert: 'remote text local' }])
    expect(ada.doc.state.saved).toBe(false)
    release()
    release()
    expect(ada.shown.ops).toEqual(server.content.ops)
    expect(ada.doc.state.saved).toBe(true)
  })

  it('goes on when a handler fails', () => {
    const { editors, network } = meet('', ['Ada', 'Bob'])
    const [ada, bob] = editors as [Editor, Editor]
    const off = ada.doc.on('remote', () => {
      throw new Error('on purpose')
    })
    const { error } = console
    const logged: unknown[] = []
    console.error = (...values: unknown[]) => logged.push(values)
    bob.type(insert(0, 'x'))
    network.clock.pass(100)
    console.error = error
    off()
    expect(logged).toHaveLength(1)
    bob.type(insert(1, 'y'))
    network.clock.pass(100)
    expect(ada.shown.ops).toEqual([{ insert: 'xy' }])
  })

  it('leaves no timers behind when it is closed', () => {
    const { editors, network } = meet('', ['Ada'])
    editors[0].type(insert(0, 'x'))
    network.clock.pass(1000)
    editors[0].doc.close()
    network.clock.pass(1000)
    expect(network.clock.pending).toBe(0)
    expect(editors[0].doc.state.status).toBe('offline')
  })
})

function storm(seed: number): void {
  const random = new Random(seed)
  const { server, network, editors } = meet(
    '',
    ['Ada', 'Bob', 'Cleo', 'Dan'].slice(random.below(3)),
    random,
  )
  const tokens = new Tokens()
  const forbidden = '✗'
  const [ghosts, outages, restarts, refusals, takeovers] = Array.from({ length: 5 }, () =>
    random.chance(0.5),
  )
  network.latency = random.pick([
    [1, 3],
    [20, 80],
    [50, 400],
  ])
  server.page = 1 + random.below(10)
  if (refusals) {
    server.refuses = (delta) =>
      delta.ops.some(({ insert }) => typeof insert === 'string' && insert.includes(forbidden))
        ? 'op_invalid'
        : null
  }

  for (let step = 0; step < 150; step++) {
    const editor = random.pick(editors)
    const dice = random.below(100)
    if (dice < 55) {
      if (editor.doc.state.loaded) {
        editor.type(randomEdit(editor.shown, tokens, random, refusals ? { forbidden } : {}))
      }
    } else if (dice < 70) {
      const length = editor.shown.length()
      editor.go(random.below(length + 1), random.below(length + 1))
    } else if (dice < 74 && outages) {
      random.pick([...network.lines, undefined])?.cut()
    } else if (dice < 77 && ghosts) {
      random.pick([...network.lines, undefined])?.halfOpen()
    } else if (dice < 79 && restarts) {
      server.restart()
    } else if (dice < 81 && takeovers) {
      random.pick([...server.sessions, undefined])?.end(4411)
    } else if (dice < 83) {
      network.wake()
    } else if (dice < 85) {
      const release = editor.doc.hold()
      network.clock.setTimeout(release, random.below(3000))
    } else if (dice < 86 && outages) {
      network.isUp = !network.isUp
    }
    network.clock.pass(random.below(random.chance(0.05) ? 20_000 : 300))
  }
  network.isUp = true
  network.clock.pass(120_000)

  const content = canonical(server.content)
  const present = tokensIn(server.content)
  expect(present).not.toContain(forbidden)
  expect(new Set(present).size).toBe(present.length)
  for (const { doc, shown } of editors) {
    expect(doc.state).toMatchObject({ status: 'online', saved: true, pending: 0 })
    expect(canonical(doc.content)).toEqual(content)
    expect(canonical(shown)).toEqual(content)
    const cursors = Object.fromEntries(doc.people.map(({ name, cursor }) => [name, cursor]))
    const others = editors.filter((editor) => editor.doc !== doc)
    expect(cursors).toEqual(
      Object.fromEntries(others.map((editor, i) => [names(editors, doc)[i], editor.cursor])),
    )
  }
}

function names(editors: readonly Editor[], except: TuttiDocument): string[] {
  const all = ['Ada', 'Bob', 'Cleo', 'Dan'].slice(-editors.length)
  return all.filter((_, i) => editors[i]?.doc !== except)
}
