import { expect, test } from 'vitest'
import { bestOf, fuzzy } from './fuzzy'

const best = (typed: string, ...texts: string[]) =>
  bestOf(typed, texts, (text) => text).map(({ item }) => item)

test('the beginning of the text beats that of a word, that a piece, that scattered letters', () => {
  expect(best('plan', 'Airplane', 'The plan', 'Paul learns new', 'Planning', 'Nothing')).toEqual([
    'Planning',
    'The plan',
    'Airplane',
    'Paul learns new',
  ])
})

test('all words count, in any order', () => {
  expect(best('doc new', 'New Markdown document', 'Document', 'News')).toEqual([
    'New Markdown document',
  ])
})

test('nothing typed finds everything, as it is', () => {
  expect(best(' ', 'long one', 'short')).toEqual(['long one', 'short'])
})

test('what matches is marked', () => {
  expect(fuzzy('mark new', 'New Markdown')?.marks).toEqual([
    { start: 0, end: 3 },
    { start: 4, end: 8 },
  ])
  expect(fuzzy('nmd', 'New Markdown')?.marks.map(({ start }) => start)).toEqual([0, 4, 8])
  expect(fuzzy('x', 'New')).toBeUndefined()
})
