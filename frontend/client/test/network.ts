import type { Environment, Socket, SocketEvents } from '../environment'
import type { ClientFrame, ServerFrame } from '../wire'
import { Clock } from './clock'
import { Random } from './random'
import type { DummyServer, DummySession } from './server'

/** A network between documents and a dummy server, in which time is a clock's. */
export class Network {
  readonly clock = new Clock()
  readonly random: Random
  readonly server: DummyServer
  readonly lines = new Set<Line>()
  /** From, up to; in milliseconds, one way. */
  latency: readonly [number, number] = [5, 6]
  /** Whether new connections are answered at all. */
  isUp = true
  readonly #wakers = new Set<() => void>()

  constructor(server: DummyServer, random = new Random(1)) {
    this.server = server
    this.random = random
  }

  /** The world as one document sees it. */
  environment(): Environment {
    const { now, setTimeout, clearTimeout } = this.clock
    return {
      now,
      setTimeout,
      clearTimeout,
      random: this.random.next,
      connect: (_url, _subprotocol, events) => new Line(this, events),
      onWake: (callback) => {
        this.#wakers.add(callback)
        return () => this.#wakers.delete(callback)
      },
      onHide: () => () => undefined,
    }
  }

  wake(): void {
    for (const callback of [...this.#wakers]) callback()
  }

  delay(): number {
    const [from, to] = this.latency
    return from + this.random.below(to - from)
  }
}

/** One socket: frames arrive late, but in order. */
export class Line implements Socket {
  readonly sent: ClientFrame[] = []
  readonly #network: Network
  readonly #events: SocketEvents
  #session: DummySession | null = null
  #upAt = 0
  #downAt = 0
  #hears = true
  #isHalfOpen = false

  constructor(network: Network, events: SocketEvents) {
    this.#network = network
    this.#events = events
    if (network.isUp) {
      network.lines.add(this)
      this.#down(() => events.opened())
    } else {
      this.#down(() => this.#closed(1006))
    }
  }

  get session(): DummySession | null {
    return this.#session
  }

  send(data: string): void {
    const frame = JSON.parse(data) as ClientFrame
    this.sent.push(frame)
    this.#up(() => this.#arrive(frame))
  }

  close(): void {
    this.#hears = false
    if (!this.#isHalfOpen) this.#up(() => this.#leave())
  }

  /** The line is cut. What is on its way to the server may still arrive. */
  cut(): void {
    const session = this.#session
    this.#down(() => this.#closed(1006))
    if (this.#network.random.chance(0.5)) this.#session = null
    this.#up(() => session?.end())
  }

  /** Nothing comes through to the client any more, and nobody says so; the server still reads. */
  halfOpen(): void {
    this.#isHalfOpen = true
    this.#hears = false
  }

  #arrive(frame: ClientFrame): void {
    if (frame.t !== 'hello') {
      this.#session?.receive(frame)
      return
    }
    // As text, so that nobody shares an object with the other side.
    this.#session = this.#network.server.connect(frame, (answer: ServerFrame) => {
      const data = JSON.stringify(answer)
      this.#down(() => this.#events.received(data))
      if (answer.t === 'bye') this.#down(() => this.#closed(answer.code))
    })
  }

  #closed(code: number): void {
    this.#network.lines.delete(this)
    this.#events.closed(code, '')
    this.#hears = false
  }

  #leave(): void {
    this.#network.lines.delete(this)
    this.#session?.end()
  }

  #up(callback: () => void): void {
    const { clock } = this.#network
    this.#upAt = Math.max(this.#upAt, clock.now() + this.#network.delay())
    clock.setTimeout(callback, this.#upAt - clock.now())
  }

  #down(callback: () => void): void {
    const { clock } = this.#network
    this.#downAt = Math.max(this.#downAt, clock.now() + this.#network.delay())
    clock.setTimeout(() => {
      if (this.#hears) callback()
    }, this.#downAt - clock.now())
  }
}
