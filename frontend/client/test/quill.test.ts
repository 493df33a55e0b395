// @vitest-environment happy-dom
import Delta from 'quill-delta'
import Quill from 'quill'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { plainText } from '../delta'
import { TuttiDocument } from '../document'
import { tuttiQuill } from '../quill'
import { canonical } from './edits'
import { Network } from './network'
import { Random, seeds } from './random'
import { DummyServer } from './server'

class Seat {
  readonly doc: TuttiDocument
  readonly quill: Quill
  readonly errors: unknown[] = []
  readonly unbind: () => void

  constructor(network: Network, name: string) {
    const options = { url: 'http://tutti', id: 'd', name, color: '#aa3300' }
    this.doc = new TuttiDocument(options, network.environment())
    this.quill = new Quill(document.body.appendChild(document.createElement('div')), {
      modules: { history: { delay: 0 } },
    })
    this.unbind = tuttiQuill(this.quill, this.doc, {
      onError: (error) => this.errors.push(error),
    })
    this.doc.connect()
  }

  get ops(): Delta['ops'] {
    return canonical(this.quill.getContents())
  }

  type(at: number, text: string, formats: Record<string, unknown> = {}): void {
    this.quill.insertText(at, text, formats, 'user')
  }
}

let seats: Seat[] = []

function meet(content: Delta, names: string[], random = new Random(1)) {
  const server = new DummyServer(content, random)
  const network = new Network(server, random)
  seats = names.map((name) => new Seat(network, name))
  network.clock.pass(100)
  return { server, network, seats: seats as [Seat, Seat] }
}

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  for (const seat of seats) seat.unbind()
  document.body.replaceChildren()
  vi.useRealTimers()
})

const hello = new Delta().insert('hello\n')

describe('the Quill binding', () => {
  it('shows the document, and cannot be edited before it is there', () => {
    const server = new DummyServer(new Delta().insert('bold', { bold: true }).insert('\n'))
    const network = new Network(server)
    const seat = new Seat(network, 'Ada')
    seats = [seat]
    expect(seat.quill.isEnabled()).toBe(false)
    seat.type(0, 'too early')
    network.clock.pass(100)
    expect(seat.ops).toEqual([{ insert: 'bold', attributes: { bold: true } }, { insert: '\n' }])
    expect(seat.quill.isEnabled()).toBe(true)
  })

  it('carries edits both ways, those of programs too', () => {
    const { server, network, seats } = meet(hello, ['Ada', 'Bob'])
    const [ada, bob] = seats
    ada.type(5, ' world', { bold: true })
    bob.quill.formatLine(0, 1, 'header', 2, 'api')
    network.clock.pass(100)
    expect(ada.ops).toEqual(bob.ops)
    expect(canonical(server.content)).toEqual([
      { insert: 'hello' },
      { insert: ' world', attributes: { bold: true } },
      { insert: '\n', attributes: { header: 2 } },
    ])
    expect(ada.ops).toEqual(canonical(server.content))
  })

  it('undoes own edits only, also after others have typed before them', () => {
    const { server, network, seats } = meet(hello, ['Ada', 'Bob'])
    const [ada, bob] = seats
    ada.type(5, ' from Ada')
    network.clock.pass(100)
    bob.type(0, 'Bob says ')
    network.clock.pass(100)
    ada.quill.history.undo()
    network.clock.pass(100)
    expect(plainText(server.content)).toBe('Bob says hello\n')
    ada.quill.history.redo()
    network.clock.pass(100)
    expect(plainText(server.content)).toBe('Bob says hello from Ada\n')
    bob.quill.history.undo()
    network.clock.pass(100)
    expect(plainText(server.content)).toBe('hello from Ada\n')
    expect(bob.ops).toEqual(ada.ops)
  })

  it('does not undo the arrival of the document', () => {
    const { network, seats } = meet(hello, ['Ada'])
    seats[0].quill.history.undo()
    network.clock.pass(100)
    expect(seats[0].quill.getText()).toBe('hello\n')
  })

  it('is read only to those who may not edit, and follows a change of that', () => {
    const server = new DummyServer(hello)
    server.role = 'viewer'
    const network = new Network(server)
    seats = [new Seat(network, 'Ada')]
    const [ada] = seats as [Seat]
    network.clock.pass(100)
    expect(ada.quill.isEnabled()).toBe(false)
    for (const session of server.sessions) session.send({ t: 'meta', role: 'editor' })
    network.clock.pass(100)
    expect(ada.quill.isEnabled()).toBe(true)
  })

  it('takes back what the server refuses', () => {
    const { server, network, seats } = meet(hello, ['Ada', 'Bob'])
    const [ada, bob] = seats
    server.refuses = (delta) => (JSON.stringify(delta.ops).includes('spam') ? 'rate' : null)
    ada.type(0, 'spam ')
    network.clock.pass(100)
    expect(ada.quill.getText()).toBe('hello\n')
    ada.type(0, 'ham ')
    network.clock.pass(100)
    expect(bob.quill.getText()).toBe('ham hello\n')
    expect(ada.doc.state.refusals).toHaveLength(1)
  })

  it('keeps embeds that Quill does not know, and blocks, as they are', () => {
    const content = new Delta()
      .insert('a')
      .insert({ poll: { question: '?' } })
      .insert({ video: 'https://example.org/' })
      .insert({ cursor: true })
      .insert('b\n')
    const { server, network, seats } = meet(content, ['Ada', 'Bob'])
    const [ada, bob] = seats
    expect(ada.quill.getLength()).toBe(6)
    ada.type(4, 'typed')
    network.clock.pass(100)
    bob.quill.deleteText(1, 1, 'user')
    network.clock.pass(100)
    bob.quill.history.undo()
    network.clock.pass(100)
    vi.advanceTimersByTime(2000)
    expect(server.content.ops).toEqual(new Delta(content.ops.slice(0, 4)).insert('typedb\n').ops)
    expect(ada.ops).toEqual(bob.ops)
    expect(ada.errors).toEqual([])
  })

  it('never inserts behind the last newline, nor deletes it', () => {
    const { server, network, seats } = meet(new Delta().insert('a\n'), ['Ada', 'Bob'])
    const [ada, bob] = seats
    ada.quill.updateContents(new Delta().retain(2).insert('b\n', { header: 1 }), 'user')
    network.clock.pass(100)
    ada.quill.setContents(new Delta().insert('other\n').insert('thing\n'), 'user')
    network.clock.pass(100)
    expect(bob.quill.getText()).toBe('other\nthing\n')
    ada.quill.deleteText(0, 100, 'user')
    network.clock.pass(100)
    expect(bob.quill.getText()).toBe('\n')
    expect(newlineBreaches(server)).toEqual([])
  })

  it('sends no carriage return, and no half of a character', () => {
    const { server, network, seats } = meet(new Delta().insert('😀😀\n'), ['Ada'])
    const [ada] = seats
    ada.quill.updateContents(new Delta().insert('a\r\nb\rc'), 'user')
    ada.quill.updateContents(new Delta().retain(6).delete(2), 'user')
    ada.quill.updateContents(new Delta().retain(5).insert('\uD83D'), 'user')
    vi.advanceTimersByTime(2000)
    network.clock.pass(100)
    const text = plainText(server.content)
    expect(text).toBe('a\nb\nc😀\n')
    expect(ada.quill.getText()).toBe(text)
    expect(ada.doc.state.refusals).toEqual([])
  })

  it('shows a line that was made two things at once as the same thing to everybody', () => {
    const { server, network, seats } = meet(hello, ['Ada', 'Bob'])
    const [ada, bob] = seats
    ada.quill.formatLine(0, 1, 'header', 1, 'user')
    bob.quill.formatLine(0, 1, 'list', 'bullet', 'user')
    network.clock.pass(100)
    vi.advanceTimersByTime(2000)
    expect(canonical(server.content).at(-1)?.attributes).toEqual({ header: 1, list: 'bullet' })
    expect(ada.ops).toEqual(bob.ops)
    expect(ada.ops.at(-1)?.attributes).toEqual({ list: 'bullet' })
  })

  it('comes back to the document when something changes Quill silently', () => {
    const { network, seats } = meet(hello, ['Ada', 'Bob'])
    const [ada, bob] = seats
    ada.quill.insertText(0, 'unheard ', 'silent')
    bob.type(5, '!')
    network.clock.pass(100)
    vi.advanceTimersByTime(2000)
    expect(ada.quill.getText()).toBe('hello!\n')
  })

  it('keeps to what was typed in the page but not read by Quill yet', () => {
    const { network, seats } = meet(hello, ['Ada', 'Bob'])
    const [ada, bob] = seats
    bob.type(0, 'Bob ')
    const text = ada.quill.root.querySelector('p')?.firstChild as Text
    text.data = 'hello Ada'
    network.clock.pass(100)
    expect(ada.quill.getText()).toBe('Bob hello Ada\n')
    expect(bob.quill.getText()).toBe('Bob hello Ada\n')
  })

  it('follows a reset to another content', () => {
    const { server, network, seats } = meet(hello, ['Ada'])
    const [ada] = seats
    ada.type(5, ' one')
    network.clock.pass(100)
    ada.type(9, ' two')
    network.clock.pass(100)
    server.restore(1)
    network.clock.pass(5000)
    expect(ada.quill.getText()).toBe('hello one\n')
  })

  it('holds what others write back while an input method composes', () => {
    const { network, seats } = meet(hello, ['Ada', 'Bob'])
    const [ada, bob] = seats
    const { root } = ada.quill
    root.firstElementChild?.dispatchEvent(
      new CompositionEvent('compositionstart', { bubbles: true }),
    )
    bob.type(0, 'Bob ')
    network.clock.pass(100)
    expect(ada.quill.getText()).toBe('hello\n')
    root.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }))
    return Promise.resolve().then(() => {
      vi.advanceTimersByTime(10)
      expect(ada.quill.getText()).toBe('Bob hello\n')
    })
  })

  it('shows the others by a module of cursors', () => {
    const moved: unknown[] = []
    const module = {
      createCursor: (id: string, name: string, color: string) => moved.push([name, color, id]),
      moveCursor: (_id: string, range: object) => moved.push(range),
      removeCursor: (id: string) => moved.push(`gone ${id}`),
      toggleFlag: () => undefined,
    }
    const { server, network, seats } = meet(hello, ['Bob'])
    const ada = new Quill(document.body.appendChild(document.createElement('div')))
    Object.assign(ada.theme.modules, { cursors: module })
    const doc = new TuttiDocument({ url: 'http://tutti', id: 'd' }, network.environment())
    const unbind = tuttiQuill(ada, doc)
    doc.connect()
    network.clock.pass(100)
    seats[0].doc.setCursor({ anchor: 4, head: 2 })
    network.clock.pass(100)
    const [bob] = server.sessions
    vi.advanceTimersByTime(50)
    ada.insertText(0, 'x', 'user')
    vi.advanceTimersByTime(50)
    unbind()
    expect(moved).toEqual([
      ['Bob', '#aa3300', bob?.id],
      { index: 2, length: 2 },
      { index: 3, length: 2 },
      `gone ${bob?.id ?? ''}`,
    ])
  })
})

/** Records that touch the newline that is to stay at the end. */
function newlineBreaches(server: DummyServer): Delta['ops'][] {
  return server.log
    .map(({ op }) => op)
    .filter((op, index) => {
      const last = (server.contents[index]?.length() ?? 0) - 1
      let at = 0
      return op.some((part) => {
        if (part.insert !== undefined) return at > last
        at += Delta.Op.length(part)
        return part.delete !== undefined && at > last
      })
    })
}

const words = ['a', 'lorem ', '😀', '\n', 'two\nlines', '👩‍👩‍👧', 'ipsum']
const inline = [
  ['bold', true],
  ['italic', true],
  ['link', 'https://example.org'],
  ['code', true],
  ['color', 'red'],
  ['bold', false],
] as const
const block = [
  ['header', 1],
  ['header', false],
  ['list', 'bullet'],
  ['list', 'checked'],
  ['list', false],
  ['indent', 2],
  ['align', 'center'],
  ['blockquote', true],
  ['code-block', true],
  ['code-block', false],
] as const

const one = ([name, value]: readonly [string, unknown]) => ({ [name]: value })

/** A position between characters, and a length that ends at one. */
function place(quill: Quill, random: Random): [number, number] {
  const text = plainText(quill.getContents())
  const borders = [...text.matchAll(/./gsu)].map(({ index }) => index)
  const [a, b] = [random.pick(borders), random.pick(borders)]
  return [Math.min(a, b), Math.min(Math.abs(a - b), 12)].map((at, i, [start = 0]) =>
    i === 0 || borders.includes(start + at) ? at : at + 1,
  ) as [number, number]
}

function randomEdit({ quill }: Seat, random: Random): void {
  const [at, length] = place(quill, random)
  const choice = random.below(10)
  if (choice <= 3) quill.insertText(at, random.pick(words), 'user')
  else if (choice === 4) quill.deleteText(at, length, 'user')
  else if (choice === 5) quill.formatText(at, length, one(random.pick(inline)), 'user')
  else if (choice === 6) quill.formatLine(at, length, one(random.pick(block)), 'user')
  else if (choice === 7) quill.insertEmbed(at, 'image', `/api/v1/${random.below(9)}.png`, 'user')
  else if (choice === 8) quill.history.undo()
  else if (random.chance(0.5)) quill.history.redo()
  else quill.removeFormat(at, length, 'user')
}

describe('random editing', () => {
  it.each(seeds(10))('leaves all Quills with what the server has (seed %i)', (seed) => {
    const random = new Random(seed)
    const content = new Delta().insert('The quick 😀 fox\njumps over\n')
    const { server, network } = meet(content, ['Ada', 'Bob', 'Cyd'], random)
    network.latency = [1, 60]
    for (let step = 0; step < 120; step++) {
      randomEdit(random.pick(seats), random)
      network.clock.pass(random.below(40))
      if (random.chance(0.03)) for (const line of network.lines) if (random.chance(0.4)) line.cut()
    }
    network.clock.pass(120_000)
    vi.advanceTimersByTime(2000)
    network.clock.pass(1000)
    for (const { doc, ops, errors, quill } of seats) {
      expect(errors).toEqual([])
      expect(doc.state.refusals).toEqual([])
      expect(doc.state.saved).toBe(true)
      expect(quill.getLength()).toBe(server.content.length())
      expect(plainText(quill.getContents())).toBe(plainText(server.content))
      expect(ops).toEqual(seats[0]?.ops)
    }
    expect(newlineBreaches(server)).toEqual([])
  })
})
