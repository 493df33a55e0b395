import { Text } from '@codemirror/state'
import { expect, test } from 'vitest'
import { Blocks } from './blocks'
import { headingsOf } from './headings'

test('headings have their words, their levels, and addresses of their own', () => {
  const text =
    '# The *first* one #\n\ntext\n\nA [link](x) here\n---\n\n## Größe: 3 m!\n\n# The first one\n\n```\n# no\n```\n'
  const found = headingsOf(new Blocks(Text.of(text.split('\n'))))
  expect(found.map(({ level, text, slug }) => [level, text, slug])).toEqual([
    [1, 'The first one', 'the-first-one'],
    [2, 'A link here', 'a-link-here'],
    [2, 'Größe: 3 m!', 'größe-3-m'],
    [1, 'The first one', 'the-first-one-1'],
  ])
})
