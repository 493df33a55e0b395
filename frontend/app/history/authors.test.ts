import { expect, test } from 'vitest'
import { Authors, nameOf, personKey } from './authors'

const user = (id: string, name = id) => ({ id, name })

test('an author keeps a colour, and others get another', () => {
  const authors = new Authors()
  const users = Array.from({ length: 8 }, (_, i) => user(`u${i}`))
  const colours = users.map((user) => authors.colourOf(user))
  expect(new Set(colours).size).toBe(8)
  expect(users.map((user) => authors.colourOf(user))).toEqual(colours)
  expect(authors.colourOf(user('u9'))).toMatch(/^#/)
  expect(new Authors().colourOf(user('u0'))).toBe(colours[0])
})

test('the colour that somebody shows now is theirs, as a guest in another tab, too', () => {
  const authors = new Authors()
  authors.see([{ user: user('guest:1', 'Ada'), color: '#123456' }])
  expect(authors.colourOf(user('guest:2', 'Ada'))).toBe('#123456')
  expect(authors.colourOf(user('guest:3', 'Bob'))).not.toBe('#123456')
})

test('who has no name is a guest', () => {
  expect(nameOf(user('guest:program'), 'A guest')).toBe('A guest')
  expect(nameOf(user('guest:x', 'Ada'), 'A guest')).toBe('Ada')
  expect(personKey(user('guest:program', 'Guest'))).toBe('guest:program')
})
