import type { Person } from '#client'
import { expect, test } from 'vitest'
import { announce } from './announce'

const person = (name: string): Person => ({
  session: name,
  client: name,
  user: { id: `guest:${name}`, name },
  name,
  color: '#1971c2',
  cursor: null,
})
const online = (...names: string[]) => ({ status: 'online' as const, people: names.map(person) })

test('who joins and who leaves is said', () => {
  expect(announce(online('Ada'), online('Ada', 'Bo'))).toBe('Bo joined.')
  expect(announce(online('Ada', 'Bo'), online('Cy'))).toBe('Cy joined. Ada left. Bo left.')
  expect(announce(online('Ada'), online('Ada'))).toBe('')
})

test('a lost connection is said, and is nobody’s leaving', () => {
  const offline = { status: 'offline' as const, people: [] }
  expect(announce(online('Ada'), offline)).toBe('Offline. Your changes are kept here.')
  expect(announce(offline, online('Ada'))).toBe('Connected.')
  expect(announce(offline, { ...offline, status: 'connecting' })).toBe('')
})
