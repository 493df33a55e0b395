import { afterEach, describe, expect, test, vi } from 'vitest'
import { timeAgo } from './time'

describe('timeAgo', () => {
  const now = new Date(2026, 10, 22, 15, 0).getTime()
  const cases: [string, Date][] = [
    ['just now', new Date(2026, 10, 22, 14, 59, 30)],
    ['just now', new Date(2026, 10, 22, 15, 0, 40)],
    ['1 minute ago', new Date(2026, 10, 22, 14, 59)],
    ['59 minutes ago', new Date(2026, 10, 22, 14, 0, 30)],
    ['3 hours ago', new Date(2026, 10, 22, 11, 20)],
    ['yesterday', new Date(2026, 10, 21, 9, 0)],
    ['6 days ago', new Date(2026, 10, 16, 23, 0)],
    ['November 15', new Date(2026, 10, 15, 15, 0)],
    ['March 3, 2025', new Date(2025, 2, 3)],
  ]
  afterEach(() => vi.unstubAllGlobals())

  test.each(cases)('%s', (words, at) => expect(timeAgo(at, now)).toBe(words))

  test('a day is written as it is where the person is', () => {
    vi.stubGlobal('navigator', { languages: ['en-GB', 'en'] })
    expect(timeAgo(new Date(2026, 10, 15), now)).toBe('15 November')
  })
})
