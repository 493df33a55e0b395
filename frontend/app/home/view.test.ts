import { expect, test } from 'vitest'
import { everything, isFiltered, listQuery, readView, viewHref, type View } from './view'

const narrow: View = { query: 'a b&c', sort: 'title', kind: 'rich', tags: ['x', 'ä/ö'] }

test('a view survives its address', () => {
  expect(readView(new URL(viewHref(narrow, false), 'http://x').search)).toEqual(narrow)
  expect(readView(new URL(viewHref(narrow, true), 'http://x').search)).toEqual(narrow)
  expect(viewHref(everything, false)).toBe('/')
  expect(viewHref(everything, true)).toBe('/?trash')
})

test('what an address has of nonsense is left out', () => {
  expect(readView('?sort=size&kind=pdf&tag=')).toEqual(everything)
})

test('only what is wanted is asked of the server', () => {
  expect(listQuery(everything, false)).toEqual({ trashed: false })
  expect(listQuery({ ...narrow, query: ' a ' }, true)).toEqual({
    q: 'a',
    sort: 'title',
    kind: 'rich',
    tags: ['x', 'ä/ö'],
    trashed: true,
  })
})

test('an order leaves nothing out', () => {
  expect(isFiltered({ ...everything, sort: 'title', query: ' ' })).toBe(false)
  expect(isFiltered({ ...everything, tags: ['x'] })).toBe(true)
})
