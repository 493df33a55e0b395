import { describe, expect, it } from 'vitest'
import type { Environment, SocketEvents } from '../environment'
import { Connection, verdictOn, type ConnectionState } from '../socket'
import type { ClientFrame, ServerFrame } from '../wire'
import { Clock } from './clock'

/** A connection whose sockets the test plays. */
class Bench {
  readonly clock = new Clock()
  readonly sockets: { events: SocketEvents; sent: ClientFrame[]; isClosed: boolean }[] = []
  readonly states: ConnectionState[] = []
  readonly received: ServerFrame[] = []
  readonly verdicts: string[] = []
  random = 0.5
  wake: () => void = () => undefined
  readonly connection: Connection

  constructor() {
    const { now, setTimeout, clearTimeout } = this.clock
    const environment: Environment = {
      now,
      setTimeout,
      clearTimeout,
      random: () => this.random,
      connect: (_url, _subprotocol, events) => {
        const socket = { events, sent: [] as ClientFrame[], isClosed: false }
        this.sockets.push(socket)
        return {
          send: (data) => socket.sent.push(JSON.parse(data) as ClientFrame),
          close: () => (socket.isClosed = true),
        }
      },
      onHide: () => () => undefined,
      onWake: (callback) => {
        this.wake = callback
        return () => (this.wake = () => undefined)
      },
    }
    this.connection = new Connection(
      'ws://tutti',
      {
        hello: () => ({ t: 'hello', key: 'k' }),
        mayRenew: () => false,
        receive: (frame) => this.received.push(frame),
        ended: (verdict) => this.verdicts.push(verdict),
        changed: (state) => this.states.push(state),
      },
      environment,
    )
  }

  get socket() {
    const socket = this.sockets.at(-1)
    if (!socket) throw new Error('there is no socket')
    return socket
  }

  get state(): ConnectionState | undefined {
    return this.states.at(-1)
  }

  /** How long it waits before it tries again. */
  get wait(): number | null {
    return this.state?.status === 'waiting' ? this.state.retryAt - this.clock.now() : null
  }

  tell(frame: object): void {
    this.socket.events.received(JSON.stringify(frame))
  }

  welcome(): this {
    this.connection.open()
    this.socket.events.opened()
    this.tell({ t: 'welcome' })
    return this
  }
}

describe('verdicts on close codes', () => {
  it.each([
    [1000, 'stop'],
    [1001, 'retry'],
    [1002, 'stop'],
    [1005, 'retry'],
    [1006, 'retry'],
    [1007, 'stop'],
    [1009, 'stop'],
    [1011, 'retry'],
    [1012, 'retry'],
    [1013, 'retry'],
    [4400, 'stop'],
    [4401, 'stop'],
    [4403, 'stop'],
    [4404, 'stop'],
    [4408, 'retry'],
    [4409, 'refetch'],
    [4410, 'stop'],
    [4411, 'rekey'],
    [4429, 'retry'],
    [4999, 'retry'],
  ])('%i: %s', (code, verdict) => {
    expect(verdictOn(code)).toBe(verdict)
    for (const announced of [true, false]) {
      const bench = new Bench().welcome()
      if (announced) bench.tell({ t: 'bye', code, reason: 'why' })
      else bench.socket.events.closed(code, 'why')
      expect(bench.verdicts).toEqual([verdict])
      expect(bench.state).toEqual(
        verdict === 'stop'
          ? { status: 'stopped', code, reason: 'why' }
          : { status: 'waiting', retryAt: bench.clock.now() + 250 },
      )
      bench.clock.pass(100_000)
      expect(bench.sockets.length === 1).toBe(verdict === 'stop')
    }
  })
})

describe('a connection', () => {
  it('says hello first, and hands on what it hears', () => {
    const bench = new Bench().welcome()
    bench.tell({ t: 'notice', text: 'x' })
    expect(bench.socket.sent).toEqual([{ t: 'hello', key: 'k' }])
    expect(bench.received).toEqual([{ t: 'welcome' }, { t: 'notice', text: 'x' }])
  })

  it('backs off, with full jitter, up to fifteen seconds', () => {
    const bench = new Bench()
    bench.random = 0.999999
    bench.connection.open()
    const waits: number[] = []
    for (let i = 0; i < 8; i++) {
      bench.socket.events.closed(1006, '')
      waits.push(Math.round(bench.wait ?? 0))
      bench.clock.pass(bench.wait ?? 0)
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15000, 15000, 15000])
    bench.random = 0
    bench.socket.events.closed(1006, '')
    expect(bench.wait).toBe(0)
  })

  it('starts its backoff anew after a connection that held, and only then', () => {
    const bench = new Bench().welcome()
    for (const [held, wait] of [
      [0, 250],
      [100, 500],
      [11_000, 250],
    ] as const) {
      bench.clock.pass(held)
      bench.socket.events.closed(1006, '')
      expect(bench.wait).toBe(wait)
      bench.clock.pass(wait)
      bench.socket.events.opened()
      bench.tell({ t: 'welcome' })
    }
  })

  it('waits as long as it is asked to, also when it is woken', () => {
    const bench = new Bench().welcome()
    bench.tell({ t: 'bye', code: 4429, reason: 'slow down', retryAfter: 5 })
    expect(bench.wait).toBe(5250)
    bench.clock.pass(4000)
    bench.wake()
    expect(bench.sockets).toHaveLength(1)
    bench.clock.pass(1250)
    expect(bench.sockets).toHaveLength(2)
  })

  it('tries at once when the network or the page comes back', () => {
    const bench = new Bench().welcome()
    bench.socket.events.closed(1006, '')
    bench.wake()
    expect(bench.sockets).toHaveLength(2)
    bench.clock.pass(500)
    expect(bench.sockets).toHaveLength(2)
  })

  it('asks at once whether an open socket is alive when the network may have changed', () => {
    for (const answers of [true, false]) {
      const bench = new Bench().welcome()
      bench.clock.pass(1000)
      bench.wake()
      expect(bench.socket.sent.at(-1)).toEqual({ t: 'ping', n: 1 })
      if (answers) bench.tell({ t: 'pong', n: 1 })
      bench.clock.pass(5000)
      expect(bench.state?.status).toBe(answers ? 'connecting' : 'waiting')
    }
  })

  it('pings a silent server, and gives it up after forty seconds', () => {
    const bench = new Bench().welcome()
    bench.clock.pass(25_000)
    expect(bench.socket.sent.filter(({ t }) => t === 'ping')).toHaveLength(1)
    bench.tell({ t: 'pong', n: 1 })
    bench.clock.pass(39_000)
    expect(bench.state?.status).toBe('connecting')
    bench.clock.pass(20_000)
    expect(bench.sockets[0]?.isClosed).toBe(true)
    expect(bench.sockets.length).toBeGreaterThan(1)
  })

  it('sends something within the sixty seconds after which the server would cut it', () => {
    const bench = new Bench().welcome()
    for (let i = 0; i < 120; i++) {
      bench.clock.pass(1000)
      bench.tell({ t: 'records', records: [] })
    }
    expect(bench.socket.sent.filter(({ t }) => t === 'ping').length).toBeGreaterThanOrEqual(3)
  })

  it('gives up a socket that never opens, and one that is never welcomed', () => {
    const bench = new Bench()
    bench.connection.open()
    bench.clock.pass(15_000)
    expect(bench.state?.status).toBe('waiting')
    bench.wake()
    bench.socket.events.opened()
    bench.clock.pass(61_000)
    expect(bench.sockets.length).toBeGreaterThan(2)
  })

  it('hears nothing from a socket it has let go', () => {
    const bench = new Bench().welcome()
    const [first] = bench.sockets
    bench.tell({ t: 'bye', code: 1012, reason: 'restart' })
    const before = [bench.received.length, bench.states.length]
    first?.events.received('{"t":"notice","text":"late"}')
    first?.events.closed(1012, '')
    expect([bench.received.length, bench.states.length]).toEqual(before)
  })

  it('treats what is no JSON as a broken line', () => {
    const bench = new Bench().welcome()
    bench.socket.events.received('{')
    expect(bench.state?.status).toBe('waiting')
  })

  it('is closed until it is opened again', () => {
    const bench = new Bench().welcome()
    bench.connection.close()
    expect(bench.socket.isClosed).toBe(true)
    expect(bench.clock.pending).toBe(0)
    bench.wake()
    bench.connection.restart({ backoff: false })
    expect(bench.sockets).toHaveLength(1)
    bench.connection.open()
    bench.connection.open()
    expect(bench.sockets).toHaveLength(2)
  })
})
