import Delta from 'quill-delta'
import { expect, it } from 'vitest'
import { Content } from '../content'
import { canonical, randomEdit, Tokens } from './edits'
import { Random, seeds } from './random'

it('is what composing every change at once gives, whenever it is read', () => {
  for (const seed of seeds(20)) {
    const random = new Random(seed)
    const tokens = new Tokens()
    let expected = new Delta()
    let content = Content.of(expected)
    const earlier: [Content, Delta][] = []
    for (let i = 0; i < 60; i++) {
      const change = randomEdit(expected, tokens, random, { isRich: true })
      expected = expected.compose(change)
      content = content.compose(change)
      earlier.push([content, expected])
      expect(content.length).toBe(expected.length())
      if (random.chance(0.1)) expect(random.pick(earlier)[0].delta).toBeDefined()
    }
    for (const [content, expected] of earlier) {
      expect(canonical(content.delta)).toEqual(canonical(expected))
    }
  }
})

it('does not gather changes without end where nobody reads it', () => {
  let content = Content.of(new Delta())
  for (let i = 0; i < 20_000; i++) content = content.compose(new Delta().retain(i).insert('x'))
  expect(content.delta.ops).toEqual([{ insert: 'x'.repeat(20_000) }])
})
