import { describe, expect, test } from 'vitest'
import type { Part } from './catalogue'
import { bestLocale, loadPart, locales } from './locale'

test('the first language that the app speaks is taken, whatever its region', () => {
  expect(bestLocale(['xx', 'en-GB']).tag).toBe('en')
  expect(bestLocale([]).tag).toBe('en')
})

/** What a catalogue says, sentence by sentence, with numbers and names put into those that take any. */
function said(part: object, path = ''): [string, string][] {
  return Object.entries(part).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    const at = `${path}.${key}`
    if (typeof value === 'string') return [[at, value]]
    if (typeof value === 'object' && value !== null) return said(value, at)
    if (typeof value !== 'function') return []
    const say = value as (...parts: unknown[]) => unknown
    return [0, 1, 2, 3, 11, 1000].map((n) => {
      // A number where one counts, a name or a list of names elsewhere.
      const part = Object.assign([`Ada ${n}`], { valueOf: () => n })
      return [`${at}(${n})`, String(say(part, part, part))]
    })
  })
}

describe.each(locales.map(({ tag }) => tag))('%s', (tag) => {
  const locale = bestLocale([tag])

  test.each<Part>([
    'core',
    'later',
    'account',
    'administration',
    'home',
    'history',
    'rich',
    'sharing',
  ])('%s says something everywhere', async (part) => {
    const english = said(await loadPart(locales[0], part)).map(([at]) => at)
    const sentences = said(await loadPart(locale, part))
    expect(sentences.map(([at]) => at).sort()).toEqual(english.sort())
    for (const [at, sentence] of sentences) {
      expect(sentence.trim(), at).not.toBe('')
      expect(sentence, at).not.toMatch(/undefined|NaN|\[object/)
      if (!at.startsWith('.templates')) expect(sentence, at).not.toContain('#')
    }
  })
})
