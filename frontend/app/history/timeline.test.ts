import type { RevisionGroup } from '#client'
import { expect, test } from 'vitest'
import { Timeline } from './timeline.svelte'

const group = (fromRev: number, toRev: number): RevisionGroup => ({
  fromRev,
  toRev,
  user: { id: 'u', name: 'U' },
  startedAt: '2026-01-01T00:00:00Z',
  endedAt: '2026-01-01T00:00:00Z',
  inserted: 1,
  deleted: 0,
})

/** A server whose history is groups of ten revisions, pages of at most `limit`. */
function server(head: () => number, asked: string[] = []) {
  return ({ limit, cursor }: { limit: number; cursor?: string }) => {
    asked.push(`${limit}${cursor === undefined ? '' : ` before ${cursor}`}`)
    const items: RevisionGroup[] = []
    let to = cursor === undefined ? head() : Number(cursor) - 1
    while (to > 0 && items.length < limit) {
      const from = Math.floor((to - 1) / 10) * 10 + 1
      items.push(group(from, to))
      to = from - 1
    }
    return Promise.resolve({ items, ...(to > 0 && { next: String(to + 1) }) })
  }
}

const dense = ({ groups }: Timeline) =>
  groups.every((group, i) => i === 0 || group.toRev + 1 === groups[i - 1]?.fromRev)

test('pages follow each other to the beginning', async () => {
  const timeline = new Timeline(
    'd',
    server(() => 1200),
  )
  await timeline.refresh()
  expect(timeline.groups.length).toBe(50)
  expect(timeline.hasMore).toBe(true)
  await timeline.more()
  await timeline.more()
  expect(timeline.groups.at(-1)?.fromRev).toBe(1)
  expect(timeline.hasMore).toBe(false)
  expect(dense(timeline)).toBe(true)
})

test('what comes while one looks joins the list, which keeps its length', async () => {
  let head = 1205
  const timeline = new Timeline(
    'd',
    server(() => head),
  )
  await timeline.refresh()
  await timeline.more()
  const oldest = timeline.groups.at(-1)
  for (head of [1208, 1222, 3000]) {
    await timeline.refresh()
    expect(timeline.groups[0]?.toRev).toBe(head)
    expect(timeline.groups.at(-1)).toEqual(oldest)
    expect(dense(timeline)).toBe(true)
  }
})

test('after a long absence it begins anew, rather than load for ever', async () => {
  let head = 30
  const asked: string[] = []
  const timeline = new Timeline(
    'd',
    server(() => head, asked),
  )
  await timeline.refresh()
  head = 1_000_000
  await timeline.refresh()
  expect(asked.length).toBeLessThan(10)
  expect(dense(timeline)).toBe(true)
  expect(timeline.hasMore).toBe(true)
})

test('an old revision is looked for, within bounds', async () => {
  const near = new Timeline(
    'd',
    server(() => 5000),
  )
  await near.refresh()
  await near.reach(12)
  expect(near.at(12)).toEqual(group(11, 20))

  const asked: string[] = []
  const far = new Timeline(
    'd',
    server(() => 1_000_000, asked),
  )
  await far.refresh()
  await far.reach(12)
  expect(far.at(12)).toBeUndefined()
  expect(asked.length).toBe(6)
})

test('an error is kept until trying again works', async () => {
  let fails = true
  const answers = server(() => 20)
  const timeline = new Timeline('d', (query) =>
    fails ? Promise.reject(new Error('away')) : answers(query),
  )
  await timeline.refresh()
  expect(timeline.error).toBeInstanceOf(Error)
  expect(timeline.loaded).toBe(false)
  fails = false
  await timeline.refresh()
  expect(timeline.error).toBeUndefined()
  expect(timeline.groups.length).toBe(2)
})
