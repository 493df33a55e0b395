import Delta from 'quill-delta'
import { describe, expect, test } from 'vitest'
import { afterOf, changeOf, countsOf, lengthOf, segmentsOf, textOf } from './segments'

const base = new Delta().insert('one ').insert('two', { bold: true }).insert(' three\n')

describe('segmentsOf', () => {
  test('shows the old before the new', () => {
    const change = new Delta().retain(4).insert('2').delete(3)
    const segments = segmentsOf(base, change)
    expect(segments).toEqual([
      { insert: 'one ' },
      { insert: 'two', attributes: { bold: true }, mark: 'deleted' },
      { insert: '2', mark: 'inserted' },
      { insert: ' three\n' },
    ])
    expect(textOf(segments)).toBe('one 2 three\n')
    expect(segments.map(lengthOf)).toEqual([4, 0, 1, 7])
    expect(countsOf(segments)).toEqual({ inserted: 1, deleted: 3, formatted: 0 })
    expect(afterOf(segments)).toEqual([{ insert: 'one ' }, { insert: '2' }, { insert: ' three\n' }])
  })

  test('names the formats that changed, and none that only seem to', () => {
    const change = new Delta().retain(2, { bold: null, italic: true }).retain(5, { bold: true })
    expect(segmentsOf(base, change).slice(0, 3)).toEqual([
      { insert: 'on', attributes: { italic: true }, mark: 'formatted', formats: ['italic'] },
      { insert: 'e ', attributes: { bold: true }, mark: 'formatted', formats: ['bold'] },
      { insert: 'two', attributes: { bold: true } },
    ])
  })
})

test('two contents and what differs in their texts give the change, formats and embeds too', () => {
  const image = (name: string) => ({ image: `/api/v1/documents/d/files/${name}` })
  const before = new Delta(base.ops).insert(image('a')).insert('\n')
  const after = new Delta()
    .insert('one 😀 ')
    .insert('two')
    .insert(' three\n', { header: 1 })
    .insert(image('b'))
    .insert('\n')
  const change = changeOf(
    [
      { op: 'equal', text: 'one ' },
      { op: 'insert', text: '😀 ' },
      { op: 'equal', text: 'two three\n\uFFFC\n' },
    ],
    before,
    after,
  )
  expect(before.compose(change)).toEqual(after)
  expect(countsOf(segmentsOf(before, change))).toEqual({ inserted: 4, deleted: 1, formatted: 2 })
})
