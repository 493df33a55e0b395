import { expect, test } from 'vitest'
import { dayLabel } from './days'

test('days are called as people call them', () => {
  const now = new Date(2026, 10, 22, 1, 0).getTime()
  expect(dayLabel(new Date(2026, 10, 22, 0, 30), now)).toBe('Today')
  expect(dayLabel(new Date(2026, 10, 21, 23, 0), now)).toBe('Yesterday')
  expect(dayLabel(new Date(2026, 10, 2), now)).toBe('Monday, November 2')
  expect(dayLabel(new Date(2025, 10, 2), now)).toBe('Sunday, November 2, 2025')
})
