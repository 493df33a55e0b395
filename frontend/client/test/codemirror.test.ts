// @vitest-environment happy-dom
import { redo, undo } from '@codemirror/commands'
import { EditorState, Text, type TransactionSpec } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import Delta from 'quill-delta'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { tuttiCodeMirror } from '../codemirror'
import { plainText } from '../delta'
import { TuttiDocument } from '../document'
import { Network } from './network'
import { Random, seeds } from './random'
import { DummyServer } from './server'

class Seat {
  readonly doc: TuttiDocument
  readonly view: EditorView

  constructor(network: Network, name: string) {
    const options = { url: 'http://tutti', id: 'd', name, color: '#aa3300' }
    this.doc = new TuttiDocument(options, network.environment())
    this.view = new EditorView({
      state: EditorState.create({
        doc: 'what was here before',
        extensions: tuttiCodeMirror(this.doc),
      }),
      parent: document.body,
    })
    this.doc.connect()
  }

  get text(): string {
    return this.view.state.doc.toString()
  }

  /** Changes the text as a person does, whom filters apply to. */
  type(from: number, insert: string, to = from): void {
    this.view.dispatch({
      changes: { from, to, insert },
      selection: { anchor: from + insert.length },
      userEvent: 'input.type',
    })
  }

  dispatch(spec: TransactionSpec): void {
    this.view.dispatch(spec)
  }
}

let seats: Seat[] = []

async function meet(text: string, names: string[], random = new Random(1)) {
  const server = new DummyServer(new Delta().insert(text), random)
  const network = new Network(server, random)
  seats = names.map((name) => new Seat(network, name))
  await Promise.resolve()
  network.clock.pass(100)
  return { server, network, seats: seats as [Seat, Seat] }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] })
})

afterEach(() => {
  for (const { view } of seats) view.destroy()
  vi.useRealTimers()
})

describe('the CodeMirror binding', () => {
  it('shows the document, and cannot be edited before it is there', async () => {
    const server = new DummyServer(new Delta().insert('one\ntwo'))
    const network = new Network(server)
    const seat = new Seat(network, 'Ada')
    seats = [seat]
    await Promise.resolve()
    expect(seat.view.state.readOnly).toBe(true)
    seat.type(0, 'too early')
    network.clock.pass(100)
    expect(seat.text).toBe('one\ntwo')
    expect(seat.view.state.readOnly).toBe(false)
    expect(server.head).toBe(0)
  })

  it('can be bound to a document that is loaded already', async () => {
    const { seats, network } = await meet('text', ['Ada'])
    const view = new EditorView({ extensions: tuttiCodeMirror(seats[0].doc) })
    await Promise.resolve()
    expect(view.state.doc.toString()).toBe('text')
    view.destroy()
    network.clock.pass(100)
  })

  it('carries edits both ways', async () => {
    const { seats, network, server } = await meet('Hello world', ['Ada', 'Bob'])
    const [ada, bob] = seats
    ada.type(5, ',')
    bob.type(11, '!')
    bob.dispatch({
      changes: [
        { from: 0, to: 1, insert: 'J' },
        { from: 6, insert: 'big\n' },
      ],
    })
    network.clock.pass(200)
    expect(ada.text).toBe('Jello, big\nworld!')
    expect(bob.text).toBe(ada.text)
    expect(plainText(server.content)).toBe(ada.text)
  })

  it('keeps the selection where it is when others write', async () => {
    const { seats, network } = await meet('Hello world', ['Ada', 'Bob'])
    const [ada, bob] = seats
    ada.dispatch({ selection: { anchor: 6, head: 11 } })
    bob.type(0, 'Oh! ')
    network.clock.pass(200)
    expect(ada.view.state.selection.main).toMatchObject({ anchor: 10, head: 15 })
  })

  it('takes back only what the person has written', async () => {
    const { seats, network } = await meet('', ['Ada', 'Bob'])
    const [ada, bob] = seats
    ada.type(0, 'ada ')
    network.clock.pass(200)
    bob.type(4, 'bob ')
    network.clock.pass(200)
    ada.type(8, 'ada again')
    network.clock.pass(200)
    expect(undo(bob.view)).toBe(true)
    expect(undo(bob.view)).toBe(false)
    network.clock.pass(200)
    expect(ada.text).toBe('ada ada again')
    while (undo(ada.view));
    network.clock.pass(200)
    expect([ada.text, bob.text]).toEqual(['', ''])
    expect(redo(bob.view)).toBe(true)
    network.clock.pass(200)
    expect([ada.text, bob.text]).toEqual(['bob ', 'bob '])
  })

  it('does not undo the loading of the document', async () => {
    const { seats } = await meet('text', ['Ada'])
    expect(undo(seats[0].view)).toBe(false)
    expect(seats[0].text).toBe('text')
  })

  it('converges whatever is typed, undone and redone', { timeout: 600_000 }, async () => {
    for (const seed of seeds(20)) {
      const random = new Random(seed)
      const {
        seats: all,
        network,
        server,
      } = await meet('one\n\u{1F600} two', ['A', 'B', 'C'], random)
      network.latency = random.pick([
        [1, 5],
        [50, 300],
      ])
      for (let step = 0; step < 80; step++) {
        const { view } = random.pick(all)
        const dice = random.below(10)
        // Anywhere, also within a pair, and with halves of one.
        const [from, to] = [0, 0]
          .map(() => random.below(view.state.doc.length + 1))
          .sort((a, b) => a - b)
        const insert = random.pick([
          'x',
          '\n',
          '\u{1F601}',
          '\u{1F602}\u{1F603}',
          '\uD83D',
          'a\r\nb\r',
        ])
        if (dice < 4) view.dispatch({ changes: { from: from ?? 0, insert } })
        else if (dice < 6)
          view.dispatch({
            changes: {
              from: from ?? 0,
              to: Math.min(to ?? 0, (from ?? 0) + 3),
              insert: dice === 4 ? '' : insert,
            },
          })
        else if (dice === 6) undo(view)
        else if (dice === 7) redo(view)
        else if (dice === 8) random.pick([...network.lines, undefined])?.cut()
        network.clock.pass(random.below(300))
      }
      network.clock.pass(60_000)
      const texts = all.map(({ text }) => text)
      const expected = plainText(server.content)
      expect(texts, `TUTTI_SEED=${seed}`).toEqual(texts.map(() => expected))
      expect(expected).not.toMatch(/[\r\p{Surrogate}]/u)
      for (const { doc, view } of all) {
        expect(doc.state.refusals).toEqual([])
        view.destroy()
      }
    }
  })

  it.each([
    ['an emoji replaced by its second half', { from: 1, to: 2, insert: '\uDE01' }, '\u{1F601}b'],
    ['half an emoji deleted', { from: 1, to: 2 }, 'b'],
    ['from within one to after the next character', { from: 1, to: 3 }, ''],
    ['a lone half', { from: 3, insert: 'x\uD83Dy' }, '\u{1F600}bxy'],
    ['a carriage return', { from: 3, insert: Text.of(['x\r', 'y\rz']) }, '\u{1F600}bx\ny\nz'],
    ['text from Windows', { from: 3, insert: 'x\r\ny' }, '\u{1F600}bx\ny'],
  ])('lets no broken delta out: %s', async (_, changes, expected) => {
    const { seats, network, server } = await meet('\u{1F600}b', ['Ada', 'Bob'])
    const [ada, bob] = seats
    ada.dispatch({ changes })
    expect(ada.text).toBe(expected)
    network.clock.pass(200)
    expect([plainText(server.content), bob.text]).toEqual([expected, expected])
    for (const { op } of server.log) expect(JSON.stringify(op)).not.toMatch(/\\ud|\\r/)
    undo(ada.view)
    network.clock.pass(200)
    expect(bob.text).toBe('\u{1F600}b')
  })

  it('leaves the text alone while an input method composes in it', async () => {
    const { seats, network, server } = await meet('ab', ['Ada', 'Bob'])
    const [ada, bob] = seats
    ada.view.contentDOM.dispatchEvent(new CompositionEvent('compositionstart'))
    ada.type(1, 'に')
    bob.type(0, 'remote ')
    network.clock.pass(500)
    vi.advanceTimersByTime(500)
    ada.type(1, '日', 2)
    network.clock.pass(500)
    vi.advanceTimersByTime(500)
    expect(ada.text).toBe('a日b')
    ada.view.contentDOM.dispatchEvent(new CompositionEvent('compositionend'))
    expect(ada.text).toBe('a日b')
    vi.advanceTimersByTime(200)
    expect(ada.text).toBe('remote a日b')
    network.clock.pass(500)
    expect([bob.text, plainText(server.content)]).toEqual([ada.text, ada.text])
    expect(ada.doc.state.saved).toBe(true)
  })

  it('lets go of the document when it is destroyed', async () => {
    const { seats, network } = await meet('ab', ['Ada', 'Bob'])
    const [ada, bob] = seats
    ada.view.contentDOM.dispatchEvent(new CompositionEvent('compositionstart'))
    bob.type(0, 'x')
    network.clock.pass(200)
    ada.view.destroy()
    expect(plainText(ada.doc.content)).toBe('xab')
    bob.type(0, 'y')
    network.clock.pass(200)
    expect(plainText(ada.doc.content)).toBe('yxab')
  })

  it('is read only for who may not edit, and when the document is gone', async () => {
    const { seats, network, server } = await meet('text', ['Ada'])
    const [ada] = seats
    for (const session of server.sessions) session.send({ t: 'meta', role: 'viewer' })
    network.clock.pass(100)
    expect(ada.view.state.readOnly).toBe(true)
    ada.type(0, 'x')
    expect(ada.text).toBe('text')
    for (const session of server.sessions) session.send({ t: 'meta', role: 'editor' })
    network.clock.pass(100)
    expect(ada.view.state.readOnly).toBe(false)
    for (const session of server.sessions) session.end(4410)
    network.clock.pass(100)
    expect(ada.view.state.readOnly).toBe(true)
  })

  it('shows again what the document has when an edit could not be taken', async () => {
    const { seats, network } = await meet('text', ['Ada', 'Bob'])
    const [ada, bob] = seats
    const submit = vi.spyOn(ada.doc, 'submit').mockImplementationOnce(() => {
      throw new Error('on purpose')
    })
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    ada.type(0, 'lost ')
    expect(submit).toHaveBeenCalledOnce()
    await Promise.resolve()
    error.mockRestore()
    expect(ada.text).toBe('text')
    ada.type(0, 'kept ')
    network.clock.pass(200)
    expect(bob.text).toBe('kept text')
  })
})

describe('the others in the text', () => {
  it('shows their carets, names and selections, and moves them with the text', async () => {
    const { seats, network } = await meet('one two', ['Ada', 'Bob'])
    const [ada, bob] = seats
    bob.doc.setCursor({ anchor: 4, head: 7 })
    network.clock.pass(200)
    expect(shown(ada)).toEqual({ carets: ['Bob'], selected: 'two' })
    expect(shown(bob)).toEqual({ carets: [], selected: '' })
    ada.type(0, 'zero ')
    ada.type(10, 'OO')
    expect(shown(ada).selected).toBe('tOOwo')
    network.clock.pass(200)
    expect(shown(ada).selected).toBe('tOOwo')
    bob.doc.close()
    network.clock.pass(200)
    expect(shown(ada)).toEqual({ carets: [], selected: '' })
  })

  it('shows a name anew when its person goes somewhere, not when the text moves', async () => {
    const { seats, network } = await meet('one two', ['Ada', 'Bob'])
    const [ada, bob] = seats
    bob.doc.setCursor({ anchor: 7, head: 7 })
    network.clock.pass(200)
    const caret = () => ada.view.contentDOM.querySelector('.cm-tutti-caret')
    const before = caret()
    ada.type(0, 'x')
    network.clock.pass(200)
    expect(caret()).toBe(before)
    bob.doc.setCursor({ anchor: 2, head: 2 })
    network.clock.pass(200)
    expect(caret()).not.toBe(before)
  })

  it('tells nobody of a cursor in a text that the person has not been in', async () => {
    const { seats, network } = await meet('one two', ['Ada', 'Bob'])
    const [ada, bob] = seats
    ada.dispatch({ selection: { anchor: 3 } })
    network.clock.pass(200)
    expect(bob.doc.people[0]?.cursor).toBeNull()
    // happy-dom reports a change of the selection while it is being made, as no browser does.
    vi.spyOn(ada.view, 'hasFocus', 'get').mockReturnValue(true)
    ada.dispatch({ selection: { anchor: 4 } })
    network.clock.pass(200)
    expect(bob.doc.people[0]?.cursor).toEqual({ anchor: 4, head: 4 })
    ada.view.destroy()
    network.clock.pass(200)
    expect(bob.doc.people[0]?.cursor).toBeNull()
  })
})

function shown({ view }: Seat): { carets: string[]; selected: string } {
  const texts = (selector: string) =>
    [...view.contentDOM.querySelectorAll(selector)].map(({ textContent }) => textContent)
  return { carets: texts('.cm-tutti-caret'), selected: texts('.cm-tutti-selection').join('') }
}
