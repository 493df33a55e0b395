import { expect, test } from 'vitest'
import { pieces } from './marks'

const written = (text: string, ...marks: [number, number][]) =>
  pieces(
    text,
    marks.map(([start, end]) => ({ start, end })),
  ).map(({ text, marked }) => (marked ? `[${text}]` : text))

test('a text is cut at its marks', () => {
  expect(written('one two three', [0, 3], [8, 13])).toEqual(['[one]', ' two ', '[three]'])
  expect(written('one')).toEqual(['one'])
  expect(written('')).toEqual([])
})

test('marks that do not fit harm nothing', () => {
  expect(written('one', [1, 9], [5, 7])).toEqual(['o', '[ne]'])
  expect(written('abcdef', [1, 4], [2, 5])).toEqual(['a', '[bcd]', '[e]', 'f'])
})
