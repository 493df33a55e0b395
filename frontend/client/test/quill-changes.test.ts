import Delta from 'quill-delta'
import { describe, expect, it } from 'vitest'
import { fromQuill, keepFinalNewline, oneKindEach, toQuill } from '../quill-changes'
import { canonical } from './edits'
import { Random, seeds } from './random'

const before = new Delta().insert('a\nb').insert('\n', { header: 1 })

describe('what Quill changes', () => {
  it.each([
    [
      'behind the end',
      new Delta().retain(4).insert('c\n'),
      '[{"retain":3},{"insert":"\\n","attributes":{"header":1}},{"insert":"c"},{"retain":1,"attributes":{"header":null}}]',
    ],
    [
      'all of it',
      new Delta().insert('c\n').delete(4),
      '[{"insert":"c"},{"delete":3},{"retain":1,"attributes":{"header":null}}]',
    ],
    [
      'the last line',
      new Delta().retain(2).delete(2),
      '[{"retain":1},{"delete":2},{"retain":1,"attributes":{"header":null}}]',
    ],
    ['nothing of it', new Delta().retain(3).insert('c'), '[{"retain":3},{"insert":"c"}]'],
  ])('leaves the last newline where it is: %s', (_, change, expected) => {
    const kept = keepFinalNewline(change, before)
    expect(canonical(before.compose(kept))).toEqual(canonical(before.compose(change)))
    expect(kept.ops).toEqual(JSON.parse(expected))
  })

  it.each(seeds(300))('has the same effect with the last newline kept (seed %i)', (seed) => {
    const random = new Random(seed)
    const content = randomLines(random)
    const change = new Delta()
    for (let at = 0; at < content.length();) {
      const length = Math.min(1 + random.below(4), content.length() - at)
      if (random.chance(0.3)) for (const op of randomLines(random).ops) change.push(op)
      if (random.chance(0.4)) change.delete(length)
      else change.retain(length, random.chance(0.3) ? { bold: random.chance(0.5) } : null)
      at += length
    }
    const closed = change.concat(randomLines(random))
    const kept = keepFinalNewline(closed, content)
    expect(canonical(content.compose(kept))).toEqual(canonical(content.compose(closed)))
    let at = 0
    for (const op of kept.ops) {
      if (op.insert !== undefined) expect(at).toBeLessThan(content.length())
      else at += Delta.Op.length(op)
      if (op.delete !== undefined) expect(at).toBeLessThan(content.length())
    }
  })

  it('has no attributes that nothing can have', () => {
    const change = new Delta([
      { retain: 1, attributes: { bold: null, odd: { a: 1 } } },
      { insert: 'x', attributes: { bold: null, italic: true } },
      { insert: 'y', attributes: { bold: null } },
    ])
    expect(fromQuill(change, before).ops).toEqual([
      { retain: 1, attributes: { bold: null } },
      { insert: 'x', attributes: { italic: true } },
      { insert: 'y' },
    ])
  })
})

it('gives Quill placeholders for embeds, and takes them back', () => {
  const delta = new Delta().insert({ poll: { a: 1 } }, { bold: true }).insert({ image: '/x.png' })
  const shown = toQuill(delta, (name) => name === 'image')
  expect(shown.ops[0]).toEqual({
    insert: { 'tutti-unknown': { poll: { a: 1 } } },
    attributes: { bold: true },
  })
  expect(fromQuill(shown, before).ops).toEqual(delta.ops)
})

it('makes each line one thing', () => {
  const content = new Delta().insert('\n', { header: 1, list: 'bullet', align: 'right' })
  expect(oneKindEach(content).ops[0]?.attributes).toEqual({ list: 'bullet', align: 'right' })
})

function randomLines(random: Random): Delta {
  const content = new Delta()
  for (let lines = 1 + random.below(3); lines > 0; lines--) {
    content.insert('xyz'.slice(random.below(4)))
    content.insert('\n', random.chance(0.5) ? { header: 1 + random.below(2) } : null)
  }
  return content
}
