import type { Committed } from '#client'
import { plainText } from '#client/delta'
import Delta from 'quill-delta'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Playback } from './playback.svelte'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const record = (rev: number): Committed => ({
  rev,
  client: 'c',
  seq: rev,
  user: 'u',
  at: rev,
  op: new Delta().retain(rev - 1).insert('x').ops,
})

/** A history in which each record writes one letter behind those before. */
function theatre(head: number) {
  const asked: string[] = []
  let shown = ''
  const playback = new Playback(
    {
      records: (after, limit) => {
        asked.push(`records ${after}`)
        const count = Math.min(limit, head - after)
        return Promise.resolve(Array.from({ length: count }, (_, i) => record(after + i + 1)))
      },
      content: (rev) => {
        asked.push(`content ${rev}`)
        return Promise.resolve(new Delta().insert('x'.repeat(rev)))
      },
      show: (content) => (shown = plainText(content)),
      apply: (change) => {
        const content = new Delta().insert(shown).compose(change)
        shown = plainText(content)
      },
    },
    () => head,
  )
  return { playback, asked, shown: () => shown.length }
}

test('a history grows record by record, from any point to the end', async () => {
  const { playback, shown, asked } = theatre(1300)
  playback.speed = 100
  void playback.play(40)
  await vi.advanceTimersByTimeAsync(1000)
  expect(playback.rev).toBeGreaterThan(100)
  expect(shown()).toBe(playback.rev)
  await vi.advanceTimersByTimeAsync(15_000)
  expect(playback.playing).toBe(false)
  expect(shown()).toBe(1300)
  expect(asked[0]).toBe('content 40')
  expect(asked.filter((line) => line.startsWith('content')).length).toBe(1)
})

test('at the end it begins anew', async () => {
  const { playback, asked } = theatre(10)
  void playback.play(10)
  await vi.advanceTimersByTimeAsync(150)
  expect(asked[0]).toBe('content 0')
})

test('a pause holds it, and a change of speed takes effect at once', async () => {
  const { playback, shown } = theatre(1000)
  playback.speed = 5
  void playback.play(0)
  await vi.advanceTimersByTimeAsync(1000)
  expect(shown()).toBeLessThan(12)
  playback.speed = 100
  await vi.advanceTimersByTimeAsync(1000)
  expect(shown()).toBeGreaterThan(80)
  playback.stop()
  const held = shown()
  await vi.advanceTimersByTimeAsync(5000)
  expect(shown()).toBe(held)
  expect(playback.playing).toBe(false)
})

test('a million records are skipped through, not loaded', async () => {
  const { playback, shown, asked } = theatre(1_000_000)
  playback.speed = 0
  void playback.play(0)
  await vi.advanceTimersByTimeAsync(45_000)
  expect(shown()).toBe(1_000_000)
  expect(asked.length).toBeLessThan(400)
  expect(asked.some((line) => line.startsWith('records'))).toBe(false)
})

test('what cannot be loaded stops it and is said', async () => {
  const { playback } = theatre(100)
  const broken = new Playback(
    {
      records: () => Promise.reject(new Error('away')),
      content: () => Promise.resolve(new Delta()),
      show: () => undefined,
      apply: () => undefined,
    },
    () => 100,
  )
  void broken.play(0)
  await vi.advanceTimersByTimeAsync(500)
  expect(broken.playing).toBe(false)
  expect(broken.error).toBeInstanceOf(Error)
  expect(playback.error).toBeUndefined()
})
