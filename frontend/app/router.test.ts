// @vitest-environment happy-dom
// @vitest-environment-options { "settings": { "navigation": { "disableMainFrameNavigation": true } } }
import { expect, test } from 'vitest'
import { adminHref, documentHref, followedLink, historyHref, parse } from './router'

const at = (path: string) => parse(new URL(path, 'http://tutti.test'))

test('addresses lead to pages', () => {
  expect(at('/')).toEqual({ page: 'home' })
  expect(at('/?trash')).toEqual({ page: 'trash' })
  expect(at('/?admin')).toEqual({ page: 'administration' })
  expect(at('/?admin=nothing')).toEqual({ page: 'administration' })
  expect(at(adminHref('audit', { document: 'x', person: '' }))).toEqual({
    page: 'administration',
    tab: 'audit',
  })
  expect(at('/?drafts')).toEqual({ page: 'drafts' })
  expect(at('/d/notes')).toEqual({ page: 'document', id: 'notes', embedded: false })
  expect(at('/d/notes/')).toEqual({ page: 'document', id: 'notes', embedded: false })
  expect(at('/d/notes?embed=1')).toMatchObject({ id: 'notes', embedded: true })
  expect(at('/d/A-1_b?x#y')).toEqual({ page: 'document', id: 'A-1_b', embedded: false })
})

test('a link to a document carries a secret behind the sign', () => {
  expect(at('/d/notes?embed=1#link=S_e-cret')).toEqual({
    page: 'join',
    id: 'notes',
    embedded: true,
    secret: 'S_e-cret',
  })
  expect(at('/d/notes#link=')).toMatchObject({ page: 'document' })
  expect(at('/?groups')).toEqual({ page: 'groups' })
})

test('what cannot be the id of a document leads nowhere', () => {
  for (const path of ['/d/', '/d/-x', '/d/a.b', '/d/a/b', '/e/a', `/d/${'a'.repeat(65)}`]) {
    expect(at(path)).toEqual({ page: 'unknown' })
  }
})

test('a document’s address leads back to it', () => {
  expect(at(documentHref('x_9'))).toEqual({ page: 'document', id: 'x_9', embedded: false })
})

test('a history’s address says what is looked at', () => {
  const views = [
    {},
    { rev: 12 },
    { rev: 0, authors: true },
    { compare: { from: 3, to: 12 } },
    { naming: true },
  ]
  for (const view of views) {
    expect(at(historyHref('x', view))).toEqual({ page: 'history', id: 'x', view })
  }
  expect(historyHref('x', { rev: 12 })).toBe('/d/x?history&rev=12')
  expect(at('/d/x?history&compare=12..3')).toMatchObject({
    view: { compare: { from: 3, to: 12 } },
  })
  expect(at('/d/x?history&rev=-1&compare=3..x')).toEqual({ page: 'history', id: 'x', view: {} })
})

/** As the page was loaded: happy-dom goes where a link leads before the window hears of the click. */
const { origin } = location

/** What a click on a link with these attributes leads to. */
function click(attributes: string, event: MouseEventInit = {}): string | undefined {
  document.body.innerHTML = `<a ${attributes}><b>go</b></a>`
  let followed: URL | undefined
  const follow = (event: MouseEvent) => {
    followed = followedLink(event, origin)
    event.preventDefault()
  }
  addEventListener('click', follow, { once: true })
  const init = { bubbles: true, cancelable: true, ...event }
  document.querySelector('b')?.dispatchEvent(new MouseEvent('click', init))
  return followed?.pathname
}

test('a click on a link within the app is followed', () => {
  expect(click('href="/d/notes"')).toBe('/d/notes')
  expect(click('href="/"')).toBe('/')
})

test('what the browser does better is left to it', () => {
  expect(click('href="http://127.0.0.1:1/d/notes"')).toBeUndefined()
  expect(click('href="/api/v1/documents"')).toBeUndefined()
  expect(click('href="/d/notes" target="_blank"')).toBeUndefined()
  expect(click('href="/d/notes" download')).toBeUndefined()
  expect(click('href="/d/notes"', { ctrlKey: true })).toBeUndefined()
  expect(click('href="/d/notes"', { button: 1 })).toBeUndefined()
})
