import Delta from 'quill-delta'
import { describe, expect, it } from 'vitest'
import { difference, hasLoneSurrogate, insertedText, plainText, split } from '../delta'
import { canonical, randomEdit, Tokens } from './edits'
import { Random, seeds } from './random'

describe('difference', () => {
  it('turns one content into the other, and cuts no pair', () => {
    for (const seed of seeds(500)) {
      const random = new Random(seed)
      const text = () =>
        Array.from({ length: random.below(12) }, () =>
          random.pick(['a', 'b', '\u{1F600}', '\u{1F601}', '\u{1FA00}', '\u{2F600}']),
        ).join('')
      const content = () => {
        const delta = new Delta().insert(text())
        return seed % 2 ? delta : delta.insert(text(), { bold: true }).insert({ image: 'x' })
      }
      const [from, to] = [content(), content()]
      const delta = difference(from, to)
      expect(canonical(from.compose(delta)), `seed ${seed}`).toEqual(canonical(to))
      expect(hasLoneSurrogate(delta)).toBe(false)
    }
  })

  it('stays quick, and in its place, where much has changed', () => {
    const random = new Random(1)
    const noise = (length: number) =>
      Array.from({ length }, () => String.fromCodePoint(97 + random.below(26))).join('')
    const [start, end] = ['the same start ', ' and the same end']
    const from = new Delta().insert(start + noise(200_000) + end)
    const to = new Delta().insert(start + noise(200_000) + end)
    const began = performance.now()
    const delta = difference(from, to)
    expect(performance.now() - began).toBeLessThan(1000)
    expect(from.compose(delta).ops).toEqual(to.ops)
    expect(delta.transformPosition(from.length() - 5)).toBe(to.length() - 5)
  })
})

describe('split', () => {
  it('gives parts that fit, and have the effect of the whole', () => {
    for (const seed of seeds(300)) {
      const random = new Random(seed)
      const tokens = new Tokens()
      const isRich = random.chance(0.5)
      let content = new Delta()
      for (let i = 0; i < 8; i++) content = content.compose(randomEdit(content, tokens, random))
      let whole = new Delta()
      for (let i = 0; i < 12; i++) {
        whole = whole.compose(randomEdit(content.compose(whole), tokens, random, { isRich }))
      }
      const budget = 120 + random.below(200)
      const expected = canonical(content.compose(whole))
      for (let rest: Delta | null = whole, parts = 0; rest; parts++) {
        expect(parts).toBeLessThan(200)
        const [first, next] = split(rest, budget)
        expect(JSON.stringify(first.ops).length).toBeLessThanOrEqual(budget * 2)
        expect(hasLoneSurrogate(first)).toBe(false)
        content = content.compose(first)
        rest = next
      }
      expect(canonical(content), `seed ${seed}`).toEqual(expected)
    }
  })

  it('leaves a delta that fits as it is', () => {
    const delta = new Delta().insert('é'.repeat(40))
    expect(split(delta, 95)).toEqual([delta, null])
  })

  it('sends something also where nothing fits', () => {
    const [first, rest] = split(new Delta().insert('\u{1F600}\u{1F601}'), 1)
    expect(first.ops).toEqual([{ insert: '\u{1F600}' }])
    expect(rest?.ops).toEqual([{ retain: 2 }, { insert: '\u{1F601}' }])
  })

  it('deletes what is replaced with the first part, so that the document does not hold both', () => {
    const [first] = split(new Delta().insert('x'.repeat(500)).delete(400), 200)
    expect(first.ops.at(-1)).toEqual({ delete: 400 })
  })
})

it('shows embeds as one character in text', () => {
  const content = new Delta().insert('a').insert({ image: 'x' }).insert('b')
  expect(plainText(content)).toBe('a\uFFFCb')
  expect(insertedText(new Delta().retain(3).concat(content).delete(2))).toBe('a\uFFFCb')
})
