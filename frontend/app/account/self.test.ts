import { beforeEach, expect, test, vi } from 'vitest'

const ada = { accounts: true, id: 'person:1', login: 'ada', name: 'Ada', administrator: true }
const bob = { accounts: true, id: 'person:2', login: 'bob', name: 'Bob', administrator: false }
const guest = { accounts: true, id: 'guest:1', name: 'Guest', administrator: false }
const nobody = { accounts: false, id: 'guest:program', name: 'Guest', administrator: false }

const reload = vi.fn()
vi.stubGlobal('location', { reload })

/** The module as a page has it that was just loaded. */
async function fresh() {
  vi.resetModules()
  reload.mockClear()
  return import('./self.svelte')
}

let me: Awaited<ReturnType<typeof fresh>>
beforeEach(async () => {
  me = await fresh()
})

test('what the server says is what one is', () => {
  expect(me.self()).toEqual({ state: 'unknown' })
  expect(me.hasAccounts()).toBe(false)
  me.takeSelf(nobody)
  expect(me.self()).toEqual({ state: 'open' })
  expect(me.keeperNow()).toBe('')
})

test('a stranger is nobody, a guest has no account', () => {
  me.takeSelf(null)
  expect(me.self()).toEqual({ state: 'stranger' })
  expect(me.hasAccounts()).toBe(true)
  me.takeSelf(guest)
  expect(me.hasAccount()).toBe(false)
  expect(me.keeperNow()).toBe('guest')
  me.takeSelf(ada)
  expect(me.hasAccount()).toBe(true)
  expect(me.keeperNow()).toBe('person:1')
  expect(reload).not.toHaveBeenCalled()
})

test('a log-in that has ended, and one of the same person, leave the page as it is', () => {
  me.takeSelf(ada)
  me.takeSelf(null)
  me.takeSelf({ ...ada, name: 'Ada L.' })
  expect(reload).not.toHaveBeenCalled()
})

test('for another person the page is made anew', () => {
  me.takeSelf(ada)
  me.takeSelf(null)
  me.takeSelf(bob)
  expect(reload).toHaveBeenCalledOnce()
})

test('after signing out the page is made anew, and stays so when asked again', () => {
  me.takeSelf(ada)
  me.takeLeave()
  expect(reload).toHaveBeenCalledOnce()
  me.takeSelf(null)
  expect(me.self()).toEqual({ state: 'stranger', left: true })
})

test('it is read back as it was stored', () => {
  for (const session of [ada, guest, nobody]) {
    me.takeSelf(session)
    expect(me.readSelf(JSON.stringify(me.self()))).toEqual(me.self())
  }
})

test.each([null, '', 'null', '7', '[]', '{}', '{"state":"king"}', '{"state":"in","id":7}'])(
  'what can not be understood says nothing: %s',
  (stored) => expect(me.readSelf(stored)).toEqual({ state: 'unknown' }),
)
