import { expect, test } from 'vitest'
import { lastSession } from './past.svelte'

const record = (rev: number, user: string, at: number) => ({ rev, user, at, client: 'c', seq: rev })

test('a session ends where another writes, and after a pause', () => {
  const records = [
    record(1, 'a', 0),
    record(2, 'b', 1000),
    record(3, 'b', 302_000),
    record(4, 'b', 400_000),
  ]
  expect(lastSession(records).map(({ rev }) => rev)).toEqual([3, 4])
  expect(lastSession(records.slice(0, 2)).map(({ rev }) => rev)).toEqual([2])
  expect(lastSession(records.slice(0, 1)).length).toBe(1)
  expect(lastSession([])).toEqual([])
})
