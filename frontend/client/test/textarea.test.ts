// @vitest-environment happy-dom
import Delta from 'quill-delta'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cutsPair, hasLoneSurrogate, plainText } from '../delta'
import { TuttiDocument } from '../document'
import { changeOf, tuttiTextarea } from '../textarea'
import { Network } from './network'
import { Random, seeds } from './random'
import { DummyServer } from './server'

class Seat {
  readonly doc: TuttiDocument
  readonly area: HTMLTextAreaElement
  readonly unbind: () => void

  constructor(network: Network) {
    this.doc = new TuttiDocument({ url: 'http://tutti', id: 'd' }, network.environment())
    this.area = document.body.appendChild(document.createElement('textarea'))
    this.unbind = tuttiTextarea(this.area, this.doc)
    this.doc.connect()
  }

  /** As a browser does: the value, then the caret, then the event. */
  type(start: number, text: string, end = start): void {
    if (this.area.readOnly) return
    const { value } = this.area
    this.area.value = value.slice(0, start) + text + value.slice(end)
    this.area.setSelectionRange(start + text.length, start + text.length)
    this.area.dispatchEvent(new Event('input', { bubbles: true }))
  }

  press(key: string): void {
    this.area.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey: true, cancelable: true }))
  }
}

let seats: Seat[] = []

function meet(text: string, count: number, random = new Random(1)) {
  const server = new DummyServer(new Delta().insert(text), random)
  const network = new Network(server, random)
  seats = Array.from({ length: count }, () => new Seat(network))
  network.clock.pass(100)
  return { server, network, seats: seats as [Seat, Seat] }
}

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  for (const { unbind } of seats) unbind()
  document.body.replaceChildren()
  vi.useRealTimers()
})

describe('the textarea binding', () => {
  it('shows the document, and cannot be edited before it is there', () => {
    const network = new Network(new DummyServer(new Delta().insert('one\ntwo')))
    const seat = new Seat(network)
    seats = [seat]
    expect(seat.area.readOnly).toBe(true)
    network.clock.pass(100)
    expect(seat.area.value).toBe('one\ntwo')
    expect(seat.area.readOnly).toBe(false)
  })

  it('carries edits both ways, and keeps the selection where it was', () => {
    const { network, seats } = meet('one two', 2)
    const [ada, bob] = seats
    bob.area.setSelectionRange(4, 7, 'backward')
    ada.type(0, 'zero ')
    network.clock.pass(100)
    expect(bob.area.value).toBe('zero one two')
    const { selectionStart, selectionEnd, selectionDirection } = bob.area
    expect([selectionStart, selectionEnd, selectionDirection]).toEqual([9, 12, 'backward'])
    bob.type(9, 'three', 12)
    network.clock.pass(100)
    expect(ada.area.value).toBe('zero one three')
  })

  it('does not move the caret for what is written at it', () => {
    const { network, seats } = meet('ab', 2)
    const [ada, bob] = seats
    bob.area.setSelectionRange(1, 1)
    ada.type(1, 'x')
    network.clock.pass(100)
    expect(bob.area.selectionStart).toBe(1)
  })

  it('undoes own edits only', () => {
    const { server, network, seats } = meet('text', 2)
    const [ada, bob] = seats
    ada.type(4, ' by Ada')
    network.clock.pass(100)
    bob.type(0, 'Bob: ')
    network.clock.pass(100)
    ada.press('z')
    network.clock.pass(100)
    expect(plainText(server.content)).toBe('Bob: text')
    ada.press('y')
    network.clock.pass(100)
    expect(plainText(server.content)).toBe('Bob: text by Ada')
    expect(bob.area.value).toBe('Bob: text by Ada')
    bob.press('z')
    bob.press('z')
    network.clock.pass(100)
    expect(ada.area.value).toBe('text by Ada')
  })

  it('holds what others write back while an input method composes', () => {
    const { network, seats } = meet('text', 2)
    const [ada, bob] = seats
    ada.area.dispatchEvent(new CompositionEvent('compositionstart'))
    ada.type(4, 'に')
    bob.type(0, 'Bob ')
    network.clock.pass(100)
    expect(ada.area.value).toBe('textに')
    ada.type(4, '日本', 5)
    ada.area.dispatchEvent(new CompositionEvent('compositionend'))
    vi.advanceTimersByTime(10)
    network.clock.pass(100)
    expect(ada.area.value).toBe('Bob text日本')
    expect(bob.area.value).toBe('Bob text日本')
  })

  it('reads what a program wrote into it when the next change comes', () => {
    const { network, seats } = meet('text', 2)
    const [ada, bob] = seats
    ada.area.value = 'text by a program'
    bob.type(0, 'Bob ')
    network.clock.pass(100)
    expect(ada.area.value).toBe('Bob text by a program')
    expect(bob.area.value).toBe('Bob text by a program')
  })

  it('leaves half characters out', () => {
    const { server, network, seats } = meet('a', 1)
    seats[0].type(1, '\uD83Db')
    network.clock.pass(100)
    expect(seats[0].area.value).toBe('ab')
    expect(plainText(server.content)).toBe('ab')
  })

  it('is read only to viewers, and takes back what is refused', () => {
    const { server, network, seats } = meet('text', 1)
    const [ada] = seats
    server.refuses = () => 'document_too_large'
    ada.type(4, '!')
    network.clock.pass(100)
    expect(ada.area.value).toBe('text')
    for (const session of server.sessions) session.send({ t: 'meta', role: 'viewer' })
    network.clock.pass(100)
    expect(ada.area.readOnly).toBe(true)
  })
})

const words = ['a', 'aa', '\n', '😀', '😁', '👩‍👩‍👧', 'b ']

it.each(seeds(200))('finds changes that cut no character (seed %i)', (seed) => {
  const random = new Random(seed)
  const text = () => Array.from({ length: random.below(8) }, () => random.pick(words)).join('')
  const [before, after] = [text(), text()]
  const change = changeOf(before, after, random.below(after.length + 1))
  expect(plainText(new Delta().insert(before).compose(change))).toBe(after)
  expect(cutsPair(change, before)).toBe(false)
  expect(hasLoneSurrogate(change)).toBe(false)
})

it('takes the letter at the caret for the one that was typed', () => {
  expect(changeOf('aaaa', 'aaaaa', 2).ops).toEqual([{ retain: 1 }, { insert: 'a' }])
  expect(changeOf('aaaa', 'aaa', 1).ops).toEqual([{ retain: 1 }, { delete: 1 }])
})

it.each(seeds(20))('leaves all textareas with what the server has (seed %i)', (seed) => {
  const random = new Random(seed)
  const { server, network } = meet('The 😀 fox\n', 3, random)
  network.latency = [1, 60]
  for (let step = 0; step < 200; step++) {
    const seat = random.pick(seats)
    const borders = [...seat.area.value.matchAll(/./gsu)].map(({ index }) => index)
    const start = random.below(borders.length + 1)
    const at = (index: number) => borders[index] ?? seat.area.value.length
    if (random.chance(0.15)) seat.press(random.chance(0.6) ? 'z' : 'y')
    else if (random.chance(0.7)) seat.type(at(start), random.pick(words))
    else seat.type(at(start), '', at(start + random.below(4)))
    network.clock.pass(random.below(40))
    vi.advanceTimersByTime(random.below(900))
    if (random.chance(0.03)) for (const line of network.lines) if (random.chance(0.4)) line.cut()
  }
  network.clock.pass(120_000)
  for (const { doc, area } of seats) {
    expect(doc.state.saved).toBe(true)
    expect(doc.state.refusals).toEqual([])
    expect(area.value).toBe(plainText(server.content))
  }
})
