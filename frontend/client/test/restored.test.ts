import Delta from 'quill-delta'
import { describe, expect, it } from 'vitest'
import { TuttiDocument } from '../document'
import { isRewound } from '../restored'
import type { Refusal } from '../state'
import { canonical, Tokens, tokensIn } from './edits'
import { Network } from './network'
import { Random, seeds } from './random'
import { DummyServer } from './server'
import { Shelf } from './shelf'

const insert = (at: number, text: string) => new Delta().retain(at).insert(text)

class Editor {
  readonly doc: TuttiDocument
  readonly refusals: Refusal[] = []
  shown = new Delta()

  constructor(network: Network, shelf?: Shelf) {
    const storage = shelf && { storage: shelf.storage() }
    this.doc = new TuttiDocument(
      { url: 'http://tutti', id: 'd', ...storage },
      network.environment(),
    )
    const apply = (delta: Delta) => (this.shown = this.shown.compose(delta))
    this.doc.on('remote', apply)
    this.doc.on('reset', apply)
    this.doc.on('refused', (refusal) => this.refusals.push(refusal))
    this.doc.connect()
  }

  type(delta: Delta): void {
    this.shown = this.shown.compose(delta)
    this.doc.submit(delta)
  }
}

function meet(text: string, count: number, random = new Random(1)) {
  const server = new DummyServer(new Delta().insert(text), random)
  const network = new Network(server, random)
  const editors = Array.from({ length: count }, () => new Editor(network))
  network.clock.pass(100)
  return { server, network, editors: editors as [Editor, ...Editor[]] }
}

/** All lines are cut, and nobody gets another one. */
function cut(network: Network): void {
  network.isUp = false
  for (const line of network.lines) line.cut()
  network.clock.pass(100)
}

function back(network: Network): void {
  network.isUp = true
  network.wake()
  network.clock.pass(20_000)
}

describe('a document of which a backup was restored', () => {
  it('offers to everybody what was saved after the backup, and brings what was not', () => {
    const { editors, network, server } = meet('', 2)
    const [ada, bob] = editors as [Editor, Editor]
    ada.type(insert(0, 'kept '))
    network.clock.pass(100)
    bob.type(insert(5, 'gone '))
    network.clock.pass(100)
    server.restore(1)
    ada.type(insert(10, 'new'))
    network.clock.pass(20_000)
    expect(server.content.ops).toEqual([{ insert: 'kept new' }])
    for (const { shown, refusals } of [ada, bob]) {
      expect(shown.ops).toEqual(server.content.ops)
      expect(refusals).toMatchObject([{ code: 'restored', text: 'kept gone ' }])
      expect(refusals[0]?.content?.ops).toEqual([{ insert: 'kept gone ' }])
    }
    network.clock.pass(60_000)
    for (const line of network.lines) line.cut()
    network.clock.pass(60_000)
    expect(ada.refusals.length + bob.refusals.length).toBe(2)
  })

  it('offers the lines that are not there any more, and no others', () => {
    const { editors, network, server } = meet('one\ntwo\nthree\n', 1)
    const [ada] = editors
    ada.type(insert(4, 'hot\nnew\n'))
    ada.type(new Delta().retain(12).delete(4))
    network.clock.pass(100)
    server.restore(0)
    network.clock.pass(20_000)
    expect(ada.refusals).toMatchObject([{ code: 'restored', text: 'hot\nnew' }])
  })

  it('offers it too where others have gone on further since', () => {
    const { editors, network, server } = meet('', 2)
    const [ada, bob] = editors as [Editor, Editor]
    ada.type(insert(0, 'kept '))
    network.clock.pass(100)
    ada.type(insert(5, 'gone '))
    network.clock.pass(100)
    cut(network)
    bob.doc.close()
    server.restore(1)
    network.isUp = true
    const eve = new Editor(network)
    network.clock.pass(1_000)
    for (let i = 0; i < 5; i++) {
      eve.type(insert(0, `${i} `))
      network.clock.pass(100)
    }
    back(network)
    expect(server.head).toBeGreaterThan(2)
    expect(ada.refusals).toMatchObject([{ code: 'restored', text: 'kept gone ' }])
    expect(eve.refusals).toEqual([])
    expect(ada.shown.ops).toEqual(server.content.ops)
  })

  it('has nothing to offer to who had no more than the backup', () => {
    const { editors, network, server } = meet('text', 1)
    const [ada] = editors
    ada.type(insert(4, '!'))
    network.clock.pass(100)
    server.restore(1)
    network.clock.pass(20_000)
    expect(ada.refusals).toEqual([])
    expect(ada.shown.ops).toEqual([{ insert: 'text!' }])
  })

  it('sends once what was committed after the backup, and not acknowledged', () => {
    const { editors, network, server } = meet('text', 1)
    const [ada] = editors
    ada.type(insert(4, ' more'))
    network.clock.pass(6) // it arrives, and the answer does not
    expect(server.head).toBe(1)
    for (const line of network.lines) line.halfOpen()
    server.restore(0)
    network.clock.pass(60_000)
    expect(server.content.ops).toEqual([{ insert: 'text more' }])
    expect(ada.shown.ops).toEqual([{ insert: 'text more' }])
    expect(ada.doc.state.saved).toBe(true)
    expect(ada.refusals).toEqual([])
  })

  it('knows it also where an older file was put in the place of the newer one', () => {
    const { editors, network, server } = meet('text', 1)
    const [ada] = editors
    ada.type(insert(4, ' more'))
    network.clock.pass(100)
    const { epoch } = server
    server.restore(0)
    Object.assign(server, { epoch, lineage: [] })
    network.clock.pass(20_000)
    expect(ada.refusals).toMatchObject([{ code: 'restored', text: 'text more' }])
    expect(ada.shown.ops).toEqual([{ insert: 'text' }])
  })

  it('knows it after the same backup was restored a second time', () => {
    const { editors, network, server } = meet('text', 1)
    const [ada] = editors
    server.restore(0)
    const { epoch, lineage } = server
    network.clock.pass(20_000)
    ada.type(insert(4, ' more'))
    network.clock.pass(100)
    server.restore(0)
    Object.assign(server, { epoch: `${epoch}, again`, lineage })
    network.clock.pass(20_000)
    expect(ada.refusals).toMatchObject([{ code: 'restored', text: 'text more' }])
  })

  it('gives back in one piece what was written for a text that is hardly there any more', () => {
    const { editors, network, server } = meet('a', 1)
    const [ada] = editors
    ada.type(new Delta().insert('A long letter to the mayor.\n').delete(1))
    network.clock.pass(100)
    cut(network)
    ada.type(insert(28, 'Yours, Ada'))
    server.restore(0)
    back(network)
    expect(ada.refusals).toMatchObject([
      { code: 'restored', text: 'A long letter to the mayor.\nYours, Ada' },
    ])
    expect(ada.shown.ops).toEqual([{ insert: 'a' }])
    expect(server.head).toBe(0)
  })

  it('is remembered by a tab that comes later', async () => {
    const { editors, network, server } = meet('text', 1)
    editors[0].doc.close()
    const shelf = new Shelf(network.clock, network.random)
    const settle = async (ms: number) => {
      for (let i = 0; i < 20; i++) {
        for (let j = 0; j < 8; j++) await Promise.resolve()
        network.clock.pass(ms / 20)
      }
    }
    server.restore(0)
    const first = new Editor(network, shelf)
    await settle(2_000)
    first.type(insert(4, ' more'))
    await settle(5_000)
    first.doc.close()
    await settle(1_000)
    const lineage = server.lineage
    server.restore(0)
    Object.assign(server, { lineage })
    const later = new Editor(network, shelf)
    await settle(5_000)
    expect(later.refusals).toMatchObject([{ code: 'restored', text: 'text more' }])
    expect(later.shown.ops).toEqual([{ insert: 'text' }])
  })
})

describe('another epoch that no backup has to do with', () => {
  it('does not bring back what was erased', () => {
    const { editors, network, server } = meet('', 1)
    const [ada] = editors
    ada.type(insert(0, 'the password is hunter2 and more'))
    network.clock.pass(100)
    server.rewrite(new Delta().insert('the password is  and more'))
    ada.type(insert(32, '!'))
    network.clock.pass(20_000)
    expect(ada.shown.ops).toEqual([{ insert: 'the password is  and more!' }])
    expect(server.content.ops).toEqual(ada.shown.ops)
    expect(ada.refusals).toEqual([])
  })

  it('does not bring back what was erased and then restored from a backup', () => {
    const { editors, network, server } = meet('', 1)
    const [ada] = editors
    ada.type(insert(0, 'the password is hunter2 and more'))
    network.clock.pass(100)
    cut(network)
    server.rewrite(new Delta().insert('the password is  and more'))
    server.restore(1)
    back(network)
    expect(ada.refusals).toEqual([])
  })

  it('does not bring back a document that was deleted', () => {
    const { editors, network, server } = meet('old text', 1)
    const [ada] = editors
    ada.type(insert(8, '!'))
    network.clock.pass(100)
    server.log.length = 0
    server.contents.length = 0
    server.contents.push(new Delta())
    server.rewrite(new Delta().insert('another'))
    network.clock.pass(20_000)
    expect(ada.shown.ops).toEqual([{ insert: 'another' }])
    expect(ada.refusals).toEqual([])
  })
})

it('nothing is lost silently, and nothing doubled, however often backups are restored', () => {
  for (const seed of seeds(60)) {
    try {
      storm(seed)
    } catch (error) {
      throw new Error(`TUTTI_SEED=${seed} TUTTI_SEEDS=1`, { cause: error })
    }
  }
}, 600_000)

/** Everybody types, lines are cut, backups come back; nobody deletes anything. */
function storm(seed: number): void {
  const random = new Random(seed)
  const { server, network, editors } = meet('', 3, random)
  const tokens = new Tokens()
  const written = new Set<string>()
  for (let step = 0; step < 150; step++) {
    const dice = random.below(100)
    if (dice < 75) {
      const editor = random.pick(editors)
      if (editor.doc.state.loaded) {
        const before = tokensIn(editor.shown)
        const at = before.slice(0, random.below(before.length + 1)).join('').length
        const token = tokens.next()
        written.add(token)
        editor.type(insert(at, random.chance(0.3) ? `${token}\n` : token))
      }
    } else if (dice < 85) {
      random.pick([...network.lines, undefined])?.cut()
    } else if (dice < 90) {
      server.restore(Math.max(0, server.head - random.below(10)))
    }
    network.clock.pass(random.below(random.chance(0.05) ? 20_000 : 300))
  }
  network.clock.pass(120_000)
  const content = tokensIn(server.content).filter((token) => token !== '\n')
  expect(new Set(content).size).toBe(content.length)
  const offered = editors.flatMap(({ refusals }) =>
    refusals.flatMap(({ text }) => Array.from(text)),
  )
  const known = new Set([...content, ...offered])
  expect([...written].filter((token) => !known.has(token))).toEqual([])
  for (const editor of editors) expect(canonical(editor.shown)).toEqual(canonical(server.content))
}

describe('isRewound', () => {
  const at = (epoch: string, rev: number) => ({ epoch, rev })
  for (const [what, mine, theirs, is] of [
    ['the same place', [at('a', 3)], [at('a', 3)], false],
    ['ahead of me', [at('a', 3)], [at('a', 5)], false],
    ['behind me, in the same epoch', [at('a', 3)], [at('a', 2)], true],
    ['restored behind me', [at('a', 3)], [at('a', 2), at('b', 9)], true],
    ['restored ahead of me', [at('a', 3)], [at('a', 3), at('b', 9)], false],
    ['restored twice', [at('a', 3)], [at('a', 3), at('b', 4), at('c', 4)], false],
    ['a sibling', [at('a', 3), at('b', 4)], [at('a', 3), at('c', 9)], true],
    ['a sibling of which I had no more', [at('a', 3), at('b', 3)], [at('a', 5), at('c', 9)], false],
    ['nothing of mine', [at('a', 3)], [at('b', 1)], false],
  ] as const) {
    it(`${is ? 'says so of' : 'is not'} ${what}`, () => {
      expect(isRewound(mine, theirs)).toBe(is)
    })
  }
})
