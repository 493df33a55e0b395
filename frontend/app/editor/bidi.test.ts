import { expect, test } from 'vitest'
import { decidesItself } from './bidi'

test('the letter in a ticked box does not say where a line reads to', () => {
  expect(decidesItself('- [x] حجز القاعة')).toBe(false)
  expect(decidesItself('  2. [X] «הזמנה»')).toBe(false)
  for (const line of ['- [x] Book the hall', '- [ ] حجز القاعة', 'حجز', 'x حجز', '- [x] ']) {
    expect(decidesItself(line)).toBe(true)
  }
})
