import Delta from 'quill-delta'
import { moveCursor } from '../delta'
import type {
  ClientFrame,
  Committed,
  Cursor,
  Hello,
  Limits,
  OpFrame,
  Origin,
  Person,
  Role,
  ServerFrame,
} from '../wire'
import { Random } from './random'

type Logged = Required<Committed>

/**
 * The server's half of the contract for one document, in memory: one sequencer,
 * the log as truth, and sessions that are all sent the same stream.
 */
export class DummyServer {
  epoch = 'epoch-1'
  lineage: Origin[] = []
  readonly log: Logged[] = []
  readonly contents: Delta[]
  readonly sessions = new Set<DummySession>()
  role: Role = 'editor'
  title = 'A title'
  limits: Limits = { frame: 1 << 20, delta: 1 << 19, document: 1 << 20, rate: 1000 }
  /** The code of a refusal, for deltas that this server does not like. */
  refuses: (delta: Delta) => string | null = () => null
  /** How many records a welcome holds: the rest follows. */
  page = 1000
  readonly random: Random
  #sessionCount = 0
  #epochCount = 1

  constructor(content: Delta = new Delta(), random = new Random(1)) {
    this.contents = [content]
    this.random = random
  }

  /** The one that lets in, where there is one. */
  token: string | undefined
  /** Whom it takes those for who come from now on. */
  user = 'guest:1'

  get head(): number {
    return this.log.length
  }

  get content(): Delta {
    return this.contents[this.head] as Delta
  }

  highestSeq(client: string): number {
    return this.log.findLast((record) => record.client === client)?.seq ?? 0
  }

  /** Lets someone in, or answers the close code with which they are sent away. */
  connect(hello: Hello, send: (frame: ServerFrame) => void): DummySession | null {
    const { rev, epoch, token } = hello
    if (this.token !== undefined && token !== this.token) {
      send({ t: 'bye', code: 4401, reason: 'log in first' })
      return null
    }
    if (rev !== undefined && (epoch !== this.epoch || rev > this.head)) {
      send({ t: 'bye', code: 4409, reason: 'cannot resume' })
      return null
    }
    const client = clientOf(hello.key)
    for (const session of this.sessions) {
      if (session.client === client) session.end(4411)
    }
    const session = new DummySession(this, `session-${++this.#sessionCount}`, client, hello, send)
    this.sessions.add(session)
    session.welcome(rev)
    this.stream()
    // The welcome could not say where the others are, unless it led to the head.
    const people = [...this.sessions].filter((other) => other !== session)
    session.send({ t: 'presence', people: people.map((other) => other.person()) })
    this.tell(session)
    return session
  }

  /** Commits a delta, answers the record that exists, or the code of the refusal. */
  decide(client: string, { seq, rev, op }: OpFrame): Logged | string {
    const known = this.log.find((record) => record.client === client && record.seq === seq)
    if (known) return known
    if (this.role !== 'editor') return 'read_only'
    if (seq < this.highestSeq(client)) return 'seq_stale'
    if (rev > this.head) return 'rev_beyond_head'
    if (rev < (this.log.findLast((record) => record.client === client)?.rev ?? 0)) {
      return 'rev_stale'
    }
    let delta = new Delta(op)
    for (const record of this.log.slice(rev)) delta = new Delta(record.op).transform(delta, false)
    const code = this.refuses(delta) ?? this.#flaw(delta, op)
    return code ?? this.#append(client, seq, delta)
  }

  stream(): void {
    for (const session of this.sessions) session.stream()
  }

  /** The process dies and comes back with what was on its disk: all of it. */
  restart(): void {
    for (const session of this.sessions) session.end(1012)
  }

  /** A backup takes the place of the document, of the epoch that had `rev` first: what came after that is gone. */
  restore(rev: number): void {
    this.restart()
    const epochs = [...this.lineage, { epoch: this.epoch, rev: this.head }]
    const at = epochs.findIndex((origin) => rev <= origin.rev)
    this.lineage = epochs.slice(0, at + 1).map(({ epoch }, i) => ({
      epoch,
      rev: Math.min(rev, epochs[i]?.rev ?? 0),
    }))
    this.log.length = rev
    this.contents.length = rev + 1
    this.epoch = `epoch-${++this.#epochCount}`
  }

  /** Another content takes the place of all that was ever written, as if it had been so from the beginning. */
  rewrite(content: Delta): void {
    this.restart()
    this.contents.fill(content)
    this.lineage = []
    this.epoch = `epoch-${++this.#epochCount}`
  }

  /** Tells all others about a session. */
  tell(about: DummySession, gone = false): void {
    const person = gone ? { session: about.id, gone: true as const } : about.person()
    for (const session of this.sessions) {
      if (session !== about) session.send({ t: 'presence', people: [person] })
    }
  }

  #flaw(delta: Delta, op: Delta['ops']): string | null {
    if (new TextEncoder().encode(JSON.stringify(op)).length > this.limits.delta) {
      return 'delta_too_large'
    }
    const length = this.content.length()
    const passed = delta.ops.reduce((n, o) => n + (o.insert ? 0 : Delta.Op.length(o)), 0)
    if (passed > length) return 'beyond_end'
    if (length + delta.changeLength() > this.limits.document) return 'document_too_large'
    return null
  }

  #append(client: string, seq: number, delta: Delta): Logged {
    const record = { rev: this.head + 1, client, seq, user: this.user, at: 0, op: delta.ops }
    this.contents.push(this.content.compose(delta))
    this.log.push(record)
    for (const session of this.sessions) {
      session.cursor &&= moveCursor(session.cursor, delta, session.client === client)
    }
    return record
  }
}

export class DummySession {
  readonly id: string
  readonly client: string
  readonly user: string
  readonly #server: DummyServer
  readonly #hello: Hello
  readonly #send: (frame: ServerFrame) => void
  /** Sequence numbers that came over this very socket. */
  readonly #submitted = new Set<number>()
  #rev = 0
  #isOver = false
  cursor: Cursor | null = null

  constructor(
    server: DummyServer,
    id: string,
    client: string,
    hello: Hello,
    send: (frame: ServerFrame) => void,
  ) {
    this.#server = server
    this.user = server.user
    this.id = id
    this.client = client
    this.#hello = hello
    this.#send = send
  }

  person(): Person {
    const { name = 'Guest', color = '#336699' } = this.#hello
    const user = { id: this.user, name }
    return { session: this.id, client: this.client, user, name, color, cursor: this.cursor }
  }

  welcome(after: number | undefined): void {
    const server = this.#server
    const records = server.log.slice(after ?? 0).slice(0, server.page)
    this.#rev = after === undefined ? server.head : after + records.length
    const others = [...server.sessions].filter((session) => session !== this)
    this.send({
      t: 'welcome',
      session: this.id,
      client: this.client,
      seq: server.highestSeq(this.client),
      epoch: server.epoch,
      rev: this.#rev,
      kind: 'text',
      title: server.title,
      language: 'markdown',
      role: server.role,
      user: { id: this.user, name: this.#hello.name ?? 'Guest' },
      people: others.map((session) => ({
        ...session.person(),
        // Where the rest of the records follows, cursors follow too.
        cursor: this.#rev === server.head ? session.cursor : null,
      })),
      limits: server.limits,
      ...(after === undefined
        ? { content: server.content.ops, lineage: server.lineage }
        : { records }),
    })
  }

  receive(frame: ClientFrame): void {
    if (this.#isOver) return
    switch (frame.t) {
      case 'op':
        this.#take(frame)
        break
      case 'presence': {
        const records = this.#server.log.slice(frame.rev)
        this.cursor = records.reduce(
          (cursor, { op, client }) =>
            cursor && moveCursor(cursor, new Delta(op), client === this.client),
          frame.cursor,
        )
        this.#server.tell(this)
        break
      }
      case 'ping':
        this.send({ t: 'pong', n: frame.n })
        break
    }
  }

  stream(): void {
    const records = this.#server.log.slice(this.#rev)
    if (records.length === 0) return
    this.#rev = this.#server.head
    this.send({
      t: 'records',
      records: records.map((record) => {
        const mayLeaveOut = record.client === this.client && this.#submitted.has(record.seq)
        return mayLeaveOut && this.#server.random.chance(0.5) ? withoutOp(record) : record
      }),
    })
  }

  send(frame: ServerFrame): void {
    if (!this.#isOver) this.#send(frame)
  }

  /** Ends with a close code, or, where the line was cut, without a word. */
  end(code?: number): void {
    if (code !== undefined) this.send({ t: 'bye', code, reason: 'ended' })
    this.#isOver = true
    this.#server.sessions.delete(this)
    this.#server.tell(this, true)
  }

  #take(frame: OpFrame): void {
    this.#submitted.add(frame.seq)
    const answer = this.#server.decide(this.client, frame)
    if (typeof answer === 'string') {
      this.send({ t: 'refused', seq: frame.seq, code: answer, message: `refused: ${answer}` })
    } else if (answer.rev <= this.#rev) {
      this.send({ t: 'records', records: [withoutOp(answer)] })
    }
    this.#server.stream()
  }
}

function withoutOp({ rev, client, seq, user, at }: Logged): Committed {
  return { rev, client, seq, user, at }
}

export function clientOf(key: string): string {
  return `client-${key}`
}
