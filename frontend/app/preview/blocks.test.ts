import { ChangeSet, Text } from '@codemirror/state'
import { expect, test } from 'vitest'
import { Random, seeds } from '../../client/test/random'
import { Blocks } from './blocks'

const of = (text: string) => Text.of(text.split('\n'))
const sources = (blocks: Blocks) => blocks.list.map((block) => blocks.source(block))

test('a text falls into its outermost blocks', () => {
  const blocks = new Blocks(
    of('# One\n\ntwo\nlines\n\n- a\n\n- b\n\n```js\n\ncode\n```\n\n| a |\n|---|\n| b |\n'),
  )
  expect(sources(blocks)).toEqual([
    '# One',
    'two\nlines',
    '- a\n\n- b',
    '```js\n\ncode\n```',
    '| a |\n|---|\n| b |',
  ])
  expect(blocks.at(0)).toBe(0)
  expect(blocks.at(6)).toBe(0)
  expect(blocks.at(7)).toBe(1)
})

test('a formula of many lines is one block, lists and blank lines in it or not', () => {
  const formula = '$$\na\n- b\n\n= c\n$$'
  expect(sources(new Blocks(of(`x\n\n${formula}\n\ny`)))).toEqual(['x', formula, 'y'])
  expect(sources(new Blocks(of('$$a$$\nx')))).toEqual(['$$a$$', 'x'])
  expect(sources(new Blocks(of('$$\nnever closed')))).toEqual(['$$\nnever closed'])
})

test('tasks are found where their marks are', () => {
  const text = '- [ ] one\n- [x] two\n  - [ ] three\n\n[ ] none\n'
  const blocks = new Blocks(of(text))
  const marks = blocks.list.map((block) => blocks.tasks(block).map((at) => text.slice(at, at + 3)))
  expect(marks).toEqual([['[ ]', '[x]', '[ ]'], []])
})

test('what an update says it changed, and nothing else, is changed', () => {
  const parts = [
    '# h\n\n',
    'word ',
    '\n',
    '\n\n',
    '- a\n',
    '```\n',
    '> q\n',
    '$$',
    '| a |\n|--|\n',
    '    c\n',
  ]
  for (const seed of seeds(300)) {
    const random = new Random(seed)
    const piece = () => Array.from({ length: random.below(6) }, () => random.pick(parts)).join('')
    let text = of(piece() + piece() + piece())
    const blocks = new Blocks(text)
    let shown = sources(blocks)
    for (let step = 0; step < 10; step++) {
      const [from, to] = [random.below(text.length + 1), random.below(text.length + 1)].sort(
        (a, b) => a - b,
      ) as [number, number]
      const end = random.chance(0.7) ? from : to
      const changes = ChangeSet.of({ from, to: end, insert: piece() }, text.length)
      text = changes.apply(text)
      const { start, removed, inserted } = blocks.update(text, changes.desc)
      const all = sources(blocks)
      shown = [
        ...shown.slice(0, start),
        ...all.slice(start, start + inserted),
        ...shown.slice(start + removed),
      ]
      expect([seed, step, shown]).toEqual([seed, step, all])
      expect(all).toEqual(sources(new Blocks(text)))
    }
  }
})

test('a change in a large text touches few blocks', () => {
  let text = of(Array.from({ length: 5000 }, (_, i) => `paragraph ${i}\n`).join('\n'))
  const blocks = new Blocks(text)
  const changes = ChangeSet.of({ from: 40_000, insert: 'x' }, text.length)
  text = changes.apply(text)
  expect(blocks.update(text, changes.desc)).toMatchObject({ removed: 1, inserted: 1 })
})
