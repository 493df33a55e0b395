import { expect, test } from 'vitest'
import { hasAccounts, readSelf, self, takeSelf } from './self.svelte'

test('what the server says is what one is', () => {
  expect(self()).toEqual({ state: 'unknown' })
  expect(hasAccounts()).toBe(false)
  takeSelf({ accounts: false, id: 'guest:program', name: 'Guest', administrator: false })
  expect(self()).toEqual({ state: 'open' })
  takeSelf(null)
  expect(self()).toEqual({ state: 'stranger' })
  expect(hasAccounts()).toBe(true)
  takeSelf({ accounts: true, id: 'person:1', login: 'ada', name: 'Ada', administrator: true })
  expect(self()).toMatchObject({ state: 'in', name: 'Ada', administrator: true })
})

test('it is read back as it was stored', () => {
  takeSelf({ accounts: true, id: 'person:1', login: 'ada', name: 'Ada', administrator: true })
  expect(readSelf(JSON.stringify(self()))).toEqual(self())
})

test.each([null, '', 'null', '7', '[]', '{}', '{"state":"king"}', '{"state":"in","id":7}'])(
  'what can not be understood says nothing: %s',
  (stored) => expect(readSelf(stored)).toEqual({ state: 'unknown' }),
)
