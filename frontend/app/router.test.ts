import { expect, test } from 'vitest'
import { documentHref, parse } from './router'

const at = (path: string) => parse(new URL(path, 'http://tutti.test'))

test('addresses lead to pages', () => {
  expect(at('/')).toEqual({ page: 'home' })
  expect(at('/?trash')).toEqual({ page: 'trash' })
  expect(at('/d/notes')).toEqual({ page: 'document', id: 'notes' })
  expect(at('/d/notes/')).toEqual({ page: 'document', id: 'notes' })
  expect(at('/d/A-1_b?x#y')).toEqual({ page: 'document', id: 'A-1_b' })
})

test('what cannot be the id of a document leads nowhere', () => {
  for (const path of ['/d/', '/d/-x', '/d/a.b', '/d/a/b', '/e/a', `/d/${'a'.repeat(65)}`]) {
    expect(at(path)).toEqual({ page: 'unknown' })
  }
})

test('a document’s address leads back to it', () => {
  expect(at(documentHref('x_9'))).toEqual({ page: 'document', id: 'x_9' })
})
