import { describe, expect, it } from 'vitest'
import { meantBy, offersFor, subjectOf, subjectsOf } from './subjects'

const at = '2026-01-01T00:00:00Z'
const person = (login: string, name: string) => ({
  id: `person:${login}`,
  login,
  name,
  administrator: false,
  createdAt: at,
})
const all = subjectsOf(
  [
    person('ada', 'Ada Lovelace'),
    person('ada2', 'Ada Lovelace'),
    person('bob@example.org', 'Bob'),
    person('Ada Lovelace II', 'Countess'),
  ],
  [{ id: 'group:1', name: 'Writers', members: ['person:ada'], createdAt: at }],
)
const ids = (found: { id: string }[]) => found.map(({ id }) => id)

describe('offersFor', () => {
  it('finds by name, by a later word of it, and by login', () => {
    expect(ids(offersFor('love', all))).toContain('person:ada2')
    expect(ids(offersFor('BOB@', all))).toEqual(['person:bob@example.org'])
    expect(ids(offersFor('writ', all))).toEqual(['group:1'])
    expect(ids(offersFor('every', all))).toEqual(['everyone'])
  })
  it('offers nobody before a letter is typed', () => {
    expect(offersFor('  ', all)).toEqual([])
  })
})

describe('meantBy', () => {
  it('takes a login before a name', () => {
    expect(ids(meantBy(' ADA ', all))).toEqual(['person:ada'])
  })
  it('finds all of one name', () => {
    expect(ids(meantBy('ada lovelace', all))).toEqual(['person:ada', 'person:ada2'])
  })
  it('finds nobody by half a name', () => {
    expect(meantBy('bo', all)).toEqual([])
  })
})

describe('subjectOf', () => {
  it('names whom the server still knows by name only', () => {
    expect(subjectOf({ subject: 'person:x', name: 'Xan', role: 'viewer' }, all).name).toBe('Xan')
  })
})
