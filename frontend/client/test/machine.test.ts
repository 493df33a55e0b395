import Delta from 'quill-delta'
import { describe, expect, it } from 'vitest'
import { Machine, OutOfStep, type Memory } from '../machine'
import type { ClientFrame, ServerFrame } from '../wire'
import { canonical, randomEdit, Tokens, tokensIn } from './edits'
import { Random, seeds } from './random'
import { DummyServer, type DummySession } from './server'

/** Two queues between a client and its session. What is in them when they are cut may be lost. */
interface Line {
  session: DummySession | null
  isWelcome: boolean
  readonly up: ClientFrame[]
  readonly down: ServerFrame[]
}

/** What outlives a tab, as of some moment. */
interface Stored {
  readonly key: string
  readonly memory: Memory
  readonly committed: Delta
}

/** A machine with the little around it that a connection needs. */
class Client {
  readonly machine = new Machine()
  stored: Stored | null = null
  /** What the person's editor shows, kept by the changes that the machine gives. */
  shown = new Delta()
  line: Line | null = null
  key: string
  acknowledged = 0
  flushed = 0
  readonly refused: Delta[] = []
  #refetch = false
  #storesFirst = false

  constructor(name: string, stored: Stored | null = null) {
    this.key = stored?.key ?? name
    if (!stored) return
    this.stored = stored
    const { memory, committed } = JSON.parse(JSON.stringify(stored)) as Stored
    this.machine.restore(revived(memory), new Delta(committed), memory.seq + 1000)
    this.#storesFirst = true
    this.shown = this.machine.content
  }

  /** Stores what is, as a tab does now and then. */
  store(): void {
    const { memory, committed } = this.machine
    if (memory) this.stored = { key: this.key, memory, committed }
  }

  edit(delta: Delta): void {
    this.shown = this.shown.compose(delta)
    this.machine.submit(delta)
  }

  flush(budget?: number): void {
    if (!this.line?.isWelcome || !this.machine.flush(budget)) return
    this.flushed++
    if (this.machine.isInParts) this.store()
    this.send()
  }

  /** Sends what is in flight, for the first time or once more. */
  send(): void {
    if (!this.line?.isWelcome) return
    const frame = this.machine.outgoing()
    if (!frame) return
    if (this.#storesFirst) this.store()
    this.#storesFirst = false
    this.line.up.push(frame)
  }

  connect(server: DummyServer): void {
    const line: Line = { session: null, isWelcome: false, up: [], down: [] }
    const { epoch, rev } = this.machine
    line.session = server.connect(
      { t: 'hello', key: this.key, ...(epoch !== null && !this.#refetch && { epoch, rev }) },
      (frame) => line.down.push(frame),
    )
    this.line = line
  }

  receive(frame: ServerFrame): void {
    switch (frame.t) {
      case 'welcome':
        if (frame.content) {
          this.shown = this.shown.compose(this.machine.adopt(new Delta(frame.content), frame))
          this.#refetch = false
        } else {
          this.machine.resume(frame)
          this.#take(frame.records ?? [])
        }
        if (this.line) this.line.isWelcome = true
        this.send()
        break
      case 'records':
        this.#take(frame.records)
        break
      case 'refused': {
        const taken = this.machine.refuse(frame.seq)
        if (!taken) break
        this.refused.push(taken.refused)
        this.shown = this.shown.compose(taken.visible)
        break
      }
      case 'bye':
        if (frame.code === 4409) this.#refetch = true
        if (frame.code === 4411) {
          this.key += '*'
          this.store()
        }
        this.line = null
        break
    }
  }

  #take(records: Parameters<Machine['receive']>[0]): void {
    const { isUndecided } = this.machine
    const { visible, acknowledged } = this.machine.receive(records)
    if (isUndecided) this.send()
    this.shown = this.shown.compose(visible)
    this.acknowledged += acknowledged
  }
}

/** What may happen besides edits; each seed has some of it. */
interface Weather {
  cuts: boolean
  ghosts: boolean
  duplicates: boolean
  refusals: boolean
  restarts: boolean
  restores: boolean
  takeovers: boolean
  /** Tabs die, and others go on from what they had stored. */
  crashes: boolean
  isRich: boolean
}

const forbidden = '✗'

class World {
  readonly random: Random
  readonly tokens = new Tokens()
  readonly server: DummyServer
  readonly clients: Client[]
  /** Half-open lines: the client has given them up, the server still reads from them. */
  readonly ghosts: Line[] = []
  readonly weather: Weather
  readonly written = new Set<string>()
  readonly deleted = new Set<string>()
  readonly restoredAway = new Set<string>()
  /** What was written in a tab that died before it was stored or sent. */
  readonly diedWith = new Set<string>()

  constructor(seed: number) {
    this.random = new Random(seed)
    const restores = this.random.chance(0.2)
    this.weather = {
      cuts: this.random.chance(0.7),
      ghosts: this.random.chance(0.5),
      duplicates: this.random.chance(0.3),
      refusals: this.random.chance(0.3),
      restarts: this.random.chance(0.3),
      restores,
      // A key taken over and a history replaced at once leave nobody who knows.
      takeovers: !restores && this.random.chance(0.2),
      crashes: this.random.chance(0.4),
      isRich: this.random.chance(0.3),
    }
    this.server = new DummyServer(new Delta(), this.random)
    this.server.page = 1 + this.random.below(5)
    if (this.weather.refusals) {
      this.server.refuses = (delta) =>
        delta.ops.some(({ insert }) => typeof insert === 'string' && insert.includes(forbidden))
          ? 'op_invalid'
          : null
    }
    this.clients = Array.from({ length: 2 + this.random.below(3) }, (_, i) => new Client(`key${i}`))
    for (const client of this.clients) {
      client.connect(this.server)
      this.drain(client)
    }
  }

  step(): void {
    const { random, weather } = this
    const client = random.pick(this.clients)
    const { line } = client
    const dice = random.below(100)
    if (dice < 30) this.edit(client)
    else if (dice < 45) client.flush()
    else if (dice < 60) this.deliverUp(line)
    else if (dice < 80) this.deliverDown(client)
    else if (dice < 85 && !line) client.connect(this.server)
    else if (dice < 89 && weather.cuts && line) this.cut(client)
    else if (dice < 92) this.deliverUp(this.ghosts.length ? random.pick(this.ghosts) : null)
    else if (dice < 94 && weather.duplicates) client.send()
    else if (dice < 95 && weather.restarts) this.server.restart()
    else if (dice < 96 && weather.restores) this.restore()
    else if (dice < 97 && weather.takeovers) client.line?.session?.end(4411)
    else if (dice < 98 && weather.crashes) this.crash(client)
    else if (weather.crashes && random.chance(0.5)) client.store()
    else client.flush(weather.crashes ? 60 : undefined)
  }

  edit(client: Client): void {
    const { content, epoch } = client.machine
    if (epoch === null) return
    const delta = randomEdit(content, this.tokens, this.random, {
      isRich: this.weather.isRich,
      ...(this.weather.refusals && { forbidden }),
    })
    const before = new Set(tokensIn(content))
    client.edit(delta)
    const after = new Set(tokensIn(client.machine.content))
    for (const token of after) if (!before.has(token)) this.written.add(token)
    for (const token of before) if (!after.has(token)) this.deleted.add(token)
  }

  deliverUp(line: Line | null | undefined): void {
    const frame = line?.up.shift()
    if (frame) line?.session?.receive(frame)
  }

  deliverDown(client: Client): void {
    const frame = client.line?.down.shift()
    if (frame) client.receive(frame)
  }

  cut({ line }: Client): void {
    if (!line) return
    if (this.weather.ghosts && this.random.chance(0.5)) this.ghosts.push(line)
    else line.session?.end()
    const client = this.clients.find((one) => one.line === line)
    if (client) client.line = null
  }

  /** A tab dies, and another one is opened in its place. */
  crash(client: Client): void {
    this.cut(client)
    const next = new Client(`${client.key}'`, client.stored)
    next.refused.push(...client.refused)
    const kept = new Set(tokensIn(next.machine.content))
    const { unacknowledged } = client.machine
    const written = new Delta(unacknowledged.filter((op) => op.insert !== undefined))
    for (const token of tokensIn(written)) {
      if (!kept.has(token)) this.diedWith.add(token)
    }
    this.clients[this.clients.indexOf(client)] = next
  }

  restore(): void {
    const rev = this.random.below(this.server.head + 1)
    for (const record of this.server.log.slice(rev)) {
      for (const token of tokensIn(new Delta(record.op.filter((op) => op.insert !== undefined)))) {
        this.restoredAway.add(token)
      }
    }
    this.server.restore(rev)
  }

  drain(client: Client): void {
    for (let i = 0; i < 10_000; i++) {
      if (!client.line) client.connect(this.server)
      client.flush()
      const before = (client.line?.up.length ?? 0) + (client.line?.down.length ?? 0)
      if (before === 0) return
      this.deliverUp(client.line)
      this.deliverDown(client)
    }
    throw new Error('it does not come to rest')
  }

  /** The weather clears: everything that is still on its way arrives. */
  settle(): void {
    for (const ghost of this.ghosts) while (ghost.up.length) this.deliverUp(ghost)
    for (const client of [...this.clients, ...this.clients]) this.drain(client)
  }

  check(): void {
    const { server, clients } = this
    const content = canonical(server.content)
    for (const { machine, shown, acknowledged, flushed, refused } of clients) {
      expect(machine.isSynchronized).toBe(true)
      expect(machine.pending).toBe(0)
      expect(machine.rev).toBe(server.head)
      expect(canonical(machine.content)).toEqual(content)
      expect(canonical(shown)).toEqual(content)
      // In a restored history an acknowledgement may come as a content instead.
      // After a takeover one delta may be sent under two numbers.
      const { restores, takeovers, crashes } = this.weather
      if (!restores && !takeovers && !crashes) expect(acknowledged + refused.length).toBe(flushed)
    }
    const submissions = server.log.map(({ client, seq }) => `${client} ${seq}`)
    expect(new Set(submissions).size).toBe(submissions.length)

    const present = tokensIn(server.content).filter((token) => token !== forbidden)
    expect(new Set(present).size).toBe(present.length)
    const refused = new Set(
      clients.flatMap((client) =>
        client.refused.flatMap((delta) =>
          tokensIn(new Delta(delta.filter((op) => op.insert !== undefined))),
        ),
      ),
    )
    const mayBeGone = new Set([...this.deleted, ...refused, ...this.restoredAway, ...this.diedWith])
    const missing = [...this.written].filter(
      (token) => token !== forbidden && !mayBeGone.has(token) && !present.includes(token),
    )
    expect(missing).toEqual([])
    if (this.weather.crashes) return // what is refused may come back without what was wrong with it
    for (const token of refused) if (token !== forbidden) expect(present).not.toContain(token)
  }
}

/** JSON knows no deltas. */
function revived(memory: Memory): Memory {
  const part = <P extends { delta: Delta }>(part: P): P => ({
    ...part,
    delta: new Delta(part.delta),
  })
  const { inflight, sealed, buffer } = memory
  return {
    ...memory,
    inflight: inflight && part(inflight),
    sealed: sealed.map(part),
    buffer: buffer && part(buffer),
  }
}

describe('machine', () => {
  it('converges with everybody, whatever the network does', { timeout: 600_000 }, () => {
    for (const seed of seeds(1500)) {
      try {
        const world = new World(seed)
        for (let steps = 40 + world.random.below(160); steps > 0; steps--) world.step()
        world.settle()
        world.check()
      } catch (error) {
        throw new Error(`TUTTI_SEED=${seed} TUTTI_SEEDS=1`, { cause: error })
      }
    }
  })

  it('throws nothing away when records cannot be continued', () => {
    const machine = loaded('abc')
    machine.submit(new Delta().insert('x'))
    expect(() => machine.receive([record(5, 'other', 1, [])])).toThrow(OutOfStep)
    expect(machine.content.ops).toEqual([{ insert: 'xabc' }])
    expect(machine.pending).toBe(1)
  })

  it('sends what is in flight again under its number, rebased', () => {
    const machine = loaded('abc')
    machine.submit(new Delta().retain(3).insert('x'))
    machine.flush()
    expect(machine.outgoing()).toEqual(op(1, 0, [{ retain: 3 }, { insert: 'x' }]))
    machine.receive([record(1, 'other', 1, [{ insert: '12' }])])
    expect(machine.outgoing()).toEqual(op(1, 1, [{ retain: 5 }, { insert: 'x' }]))
  })

  it('goes first in ties, so that two people do not interleave', () => {
    const machine = loaded('')
    machine.submit(new Delta().insert('mine'))
    const { visible } = machine.receive([record(1, 'other', 1, [{ insert: 'theirs' }])])
    expect(visible.ops).toEqual([{ retain: 4 }, { insert: 'theirs' }])
    expect(machine.content.ops).toEqual([{ insert: 'minetheirs' }])
  })

  it('takes a record of its own with another number as anyone\u2019s', () => {
    const machine = loaded('')
    machine.submit(new Delta().insert('x'))
    machine.flush()
    machine.receive([record(1, 'me', 7, [{ insert: 'from another life' }])])
    expect(machine.pending).toBe(1)
    machine.submit(new Delta().insert('y'))
    machine.receive([record(2, 'me', 1)])
    machine.flush()
    expect(machine.outgoing()?.seq).toBe(8)
  })

  it('ignores records at or below its revision', () => {
    const machine = loaded('')
    machine.receive([record(1, 'other', 1, [{ insert: 'x' }])])
    const { steps } = machine.receive([
      record(1, 'other', 1, [{ insert: 'x' }]),
      record(1, 'me', 1),
    ])
    expect(steps).toEqual([])
    expect(machine.content.ops).toEqual([{ insert: 'x' }])
  })

  it('asks for the content when an acknowledgement comes for a revision it has passed', () => {
    const machine = loaded('')
    machine.submit(new Delta().insert('x'))
    machine.flush()
    machine.receive([record(1, 'other', 1, [{ insert: 'a' }])])
    expect(() => machine.receive([record(1, 'me', 1)])).toThrow(OutOfStep)
    const change = machine.adopt(new Delta().insert('xa'), at(1, { seq: 1 }))
    expect(change.ops).toEqual([])
    expect(machine.isSynchronized).toBe(true)
  })

  it('finds in a new content whether the delta in flight is part of it', () => {
    for (const [seq, content, pending] of [
      [1, '1abc!', 1],
      [0, 'abc!', 2],
    ] as const) {
      const machine = loaded('abc')
      machine.submit(new Delta().insert('1'))
      machine.flush()
      machine.submit(new Delta().retain(4).insert('2'))
      machine.adopt(new Delta().insert(content), at(9, { seq, epoch: 'other' }))
      expect(machine.content.ops).toEqual([{ insert: '1abc2!' }])
      expect(machine.pending).toBe(pending)
    }
  })

  it('takes back what was refused, and keeps what was written since', () => {
    const machine = loaded('abc')
    machine.submit(new Delta().delete(2).insert('bad'))
    machine.flush()
    machine.submit(new Delta().retain(4).insert('good'))
    const taken = machine.refuse(1)
    expect(taken?.refused.ops).toEqual([{ insert: 'bad' }, { delete: 2 }])
    expect(canonical(machine.content)).toEqual([{ insert: 'abcgood' }])
    machine.flush()
    expect(machine.outgoing()?.seq).toBe(2)
    expect(machine.refuse(1)).toBeNull()
  })

  it('sends an edit that is too large in parts, which are one edit to the person', () => {
    const machine = loaded('old')
    const text = '\u{1F600}"\\\n\u0000é'.repeat(500)
    machine.submit(new Delta().insert(text).delete(3))
    const sizes: number[] = []
    for (let rev = 1; machine.pending > 0; rev++) {
      expect(machine.pending).toBe(1)
      machine.flush(1000)
      const frame = machine.outgoing()
      sizes.push(new TextEncoder().encode(JSON.stringify(frame?.op)).length)
      machine.receive([record(rev, 'me', rev, frame?.op)])
    }
    expect(sizes.length).toBeGreaterThan(5)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000)
    expect(machine.content.ops).toEqual([{ insert: text }])
  })

  it('sends an empty delta ahead of one whose client is no more, to learn what became of it', () => {
    const machine = loaded('')
    machine.submit(new Delta().insert('x'))
    machine.flush()
    machine.resume({ ...at(0), client: 'me again' })
    expect(machine.outgoing()).toEqual(op(2, 0, []))
    expect(machine.outgoing()).toEqual(op(2, 0, []))
    machine.receive([record(1, 'other', 1, [{ insert: 'a' }]), record(2, 'me again', 2, [])])
    expect(machine.outgoing()).toBeNull()
    expect(machine.flush()).toBe(true)
    expect(machine.outgoing()).toEqual(op(3, 2, [{ insert: 'x' }]))
  })

  it('numbers its deltas above those that the server has of its key', () => {
    const machine = new Machine()
    machine.adopt(new Delta(), at(0, { seq: 7 }))
    for (const seq of [8, 21]) {
      machine.submit(new Delta().insert('x'))
      machine.flush()
      expect(machine.outgoing()?.seq).toBe(seq)
      machine.receive([record(machine.rev + 1, 'me', seq)])
      machine.resume(at(machine.rev, { seq: 20 }))
    }
  })

  it('refuses edits that no server could take', () => {
    expect(() => new Machine().submit(new Delta().insert('x'))).toThrow(/not loaded/)
    expect(() => loaded('ab').submit(new Delta().delete(3))).toThrow(RangeError)
    expect(() => loaded('ab').submit(new Delta().insert('\uD83D'))).toThrow(RangeError)
  })
})

function at(rev: number, { seq = 0, epoch = 'epoch' } = {}) {
  return { client: 'me', seq, epoch, rev }
}

function loaded(text: string): Machine {
  const machine = new Machine()
  machine.adopt(new Delta().insert(text), at(0))
  return machine
}

function record(rev: number, client: string, seq: number, ops?: Delta['ops']) {
  return { rev, client, seq, user: 'u', at: 0, ...(ops && { op: ops }) }
}

function op(seq: number, rev: number, ops: Delta['ops']) {
  return { t: 'op', seq, rev, op: ops }
}
