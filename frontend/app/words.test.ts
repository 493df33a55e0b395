import { ApiError } from '#client'
import { describe, expect, test } from 'vitest'
import { count, explain, refusalReason, saveState, stopReason, timeAgo, titleOf } from './words'

describe('timeAgo', () => {
  const now = new Date(2026, 10, 22, 15, 0).getTime()
  const cases: [string, Date][] = [
    ['just now', new Date(2026, 10, 22, 14, 59, 30)],
    ['just now', new Date(2026, 10, 22, 15, 0, 40)],
    ['1 minute ago', new Date(2026, 10, 22, 14, 59)],
    ['59 minutes ago', new Date(2026, 10, 22, 14, 0, 30)],
    ['3 hours ago', new Date(2026, 10, 22, 11, 20)],
    ['yesterday', new Date(2026, 10, 21, 9, 0)],
    ['6 days ago', new Date(2026, 10, 16, 23, 0)],
    ['November 15', new Date(2026, 10, 15, 15, 0)],
    ['March 3, 2025', new Date(2025, 2, 3)],
  ]
  test.each(cases)('%s', (words, at) => expect(timeAgo(at, now)).toBe(words))
})

test('count agrees with its noun', () => {
  expect(count(0, 'change')).toBe('0 changes')
  expect(count(1, 'change')).toBe('1 change')
  expect(count(1200, 'change')).toBe('1,200 changes')
})

test('a document without a title has a name to be shown', () => {
  expect(titleOf({ title: '' })).toBe('Untitled')
  expect(titleOf({ title: 'Notes' })).toBe('Notes')
})

describe('saveState', () => {
  const online = { status: 'online', saved: true, pending: 0 } as const

  test('says Saved only when everything is acknowledged', () => {
    expect(saveState(online, true)).toEqual({ safety: 'saved', text: 'Saved' })
    expect(saveState({ ...online, saved: false, pending: 1 }, true).text).toBe('Saving…')
    for (const status of ['connecting', 'offline', 'stopped'] as const) {
      expect(saveState({ ...online, status }, true).safety).not.toBe('saved')
    }
  })

  test('counts what waits here', () => {
    const waiting = { ...online, saved: false, pending: 12 }
    expect(saveState({ ...waiting, status: 'offline' }, true).text).toBe(
      'Offline — 12 changes kept here',
    )
    expect(saveState({ ...waiting, status: 'connecting' }, true).text).toBe(
      'Reconnecting… — 12 changes kept here',
    )
    expect(saveState({ ...online, status: 'offline' }, true).text).toBe('Offline')
  })

  test('promises a reader nothing', () => {
    expect(saveState(online, false).text).toBe('Read only')
  })
})

test('every close code that stops has a sentence of its own', () => {
  const codes = [1000, 1009, 4400, 4401, 4403, 4404, 4410]
  const sentences = new Set(codes.map((code) => stopReason({ code, reason: '' })))
  expect(sentences.size).toBe(codes.length)
  expect(stopReason({ code: 4499, reason: 'closed for lunch' })).toBe('Closed for lunch.')
  expect(stopReason({ code: 4499, reason: '' })).toContain('4499')
})

test('a refusal without words of ours gives the server’s', () => {
  expect(refusalReason({ code: 'read_only', message: 'x' })).toContain('read')
  expect(refusalReason({ code: 'beyond_end', message: 'ends behind the text' })).toBe(
    'Ends behind the text.',
  )
})

test('errors are explained by what happened', () => {
  expect(explain(new ApiError(0, 'unreachable', ''))).toContain('cannot be reached')
  expect(explain(new ApiError(422, 'field_invalid', 'the title is too long'))).toBe(
    'The title is too long.',
  )
  expect(explain(new Error('x'))).toContain('unexpected')
})
