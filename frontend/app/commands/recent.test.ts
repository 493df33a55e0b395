import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { forget, recent, remember } from './recent'

beforeEach(() => {
  const stored = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  })
})

afterEach(() => vi.unstubAllGlobals())

test('what was used last comes first, once', () => {
  for (const id of ['a', 'b', 'a']) remember('documents', id)
  expect(recent('documents')).toEqual(['a', 'b'])
  expect(recent('commands')).toEqual([])
  forget('documents', 'a')
  expect(recent('documents')).toEqual(['b'])
})

test('only so many are remembered, and nonsense is not', () => {
  for (let n = 0; n < 30; n++) remember('commands', `c${n}`)
  expect(recent('commands')).toHaveLength(20)
  localStorage.setItem('tutti.recent.commands', '{"a":1}')
  expect(recent('commands')).toEqual([])
})
