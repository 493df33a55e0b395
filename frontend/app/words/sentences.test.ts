import { ApiError } from '#client'
import { describe, expect, test } from 'vitest'
import { explain, refusalReason, saveState, stopReason, titleOf } from './sentences'

test('a document without a title has a name to be shown', () => {
  expect(titleOf({ title: '' })).toBe('Untitled')
  expect(titleOf({ title: 'Notes' })).toBe('Notes')
})

describe('saveState', () => {
  const online = { status: 'online', saved: true, pending: 0, role: 'owner' } as const

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
    expect(saveState({ ...online, role: 'viewer' }, false).text).toBe('You may read')
    expect(saveState({ ...online, role: 'commenter' }, false).text).toBe('You may comment')
  })
})

test('every close code that stops has a sentence of its own', () => {
  const codes = [1000, 1009, 4400, 4401, 4403, 4404, 4410, 4500]
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
  expect(explain(new ApiError(404, 'document_not_found', ''))).toContain('not exist any more')
  expect(explain(new ApiError(404, 'revision_not_found', ''))).toContain('no such revision')
  expect(explain(new Error('x'))).toContain('unexpected')
})
