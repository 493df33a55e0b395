import { expect, test } from 'vitest'
import { withTags } from './tags.svelte'

test('what is typed becomes tags, each once', () => {
  expect(withTags(['a'], ' b c , a,, d ')).toEqual(['a', 'b c', 'd'])
  expect(withTags(['a'], '  ')).toEqual(['a'])
})
