import { expect, test } from 'vitest'
import { counter } from './plural'

test('a number takes the form of its language', () => {
  const english = counter('en')
  const changes = (n: number) => english(n, { one: '# change', other: '# changes' })
  expect([0, 1, 1200].map(changes)).toEqual(['0 changes', '1 change', '1,200 changes'])

  const arabic = counter('ar')
  const forms = { zero: 'zero', one: 'one', two: 'two', few: 'few', many: 'many', other: 'other' }
  expect([0, 1, 2, 3, 11, 100].map((n) => arabic(n, forms))).toEqual(Object.values(forms))
})

test('a form that a catalogue leaves out falls back to other', () => {
  expect(counter('ja')(1, { other: '#件' })).toBe('1件')
})
