import { expect, test } from 'vitest'
import { bestLocale } from './locale'

test('the first language that the app speaks is taken, whatever its region', () => {
  expect(bestLocale(['xx', 'en-GB']).tag).toBe('en')
  expect(bestLocale([]).tag).toBe('en')
})
