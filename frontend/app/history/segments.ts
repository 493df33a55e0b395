/** What changed from one content to another, as pieces to be shown with marks. */
import type { DiffRun } from '#client'
import Delta, { AttributeMap, OpIterator, type Op } from 'quill-delta'

export type Mark = 'inserted' | 'deleted' | 'formatted'

/** A piece of a content. Positions leave the deleted ones out, as the newer content does. */
export interface Segment {
  readonly insert: string | Record<string, unknown>
  readonly attributes?: AttributeMap
  /** Left out where nothing changed. */
  readonly mark?: Mark
  /** The names of the formats that changed. */
  readonly formats?: readonly string[]
}

/** How many units of the newer content a segment takes. */
export function lengthOf({ insert, mark }: Segment): number {
  if (mark === 'deleted') return 0
  return typeof insert === 'string' ? insert.length : 1
}

/** A content without any marks. */
export function plainSegments(content: Delta): Segment[] {
  return content.ops.flatMap((op) => segment(op))
}

/** The content that `change` makes of `base`, with what it inserted, deleted and formatted. */
export function segmentsOf(base: Delta, change: Delta): Segment[] {
  const before = new OpIterator(base.ops)
  const segments: Segment[] = []
  // A delta inserts before it deletes; people expect the old before the new.
  let inserted: Segment[] = []
  for (const op of change.ops) {
    if (op.insert !== undefined) {
      inserted.push(...segment(op, 'inserted'))
    } else if (op.delete !== undefined) {
      for (const gone of take(before, op.delete)) segments.push(...segment(gone, 'deleted'))
    } else {
      segments.push(...inserted)
      inserted = []
      for (const kept of take(before, Delta.Op.length(op))) {
        segments.push(...(op.attributes ? formatted(kept, op.attributes) : segment(kept)))
      }
    }
  }
  segments.push(...inserted)
  for (const kept of before.rest()) segments.push(...segment(kept))
  return segments
}

/** The newer content alone. */
export function afterOf(segments: readonly Segment[]): Segment[] {
  return segments.flatMap(({ insert, attributes, mark }) =>
    mark === 'deleted' ? [] : [{ insert, ...(attributes && { attributes }) }],
  )
}

/** The text of the newer content, each embed as U+FFFC. */
export function textOf(segments: readonly Segment[]): string {
  return segments
    .map(({ insert, mark }) =>
      mark === 'deleted' ? '' : typeof insert === 'string' ? insert : '\uFFFC',
    )
    .join('')
}

/** How much was inserted and deleted, in units, and how many pieces had their formats changed. */
export function countsOf(segments: readonly Segment[]): Record<Mark, number> {
  const counts = { inserted: 0, deleted: 0, formatted: 0 }
  for (const { insert, mark } of segments) {
    if (mark === 'formatted') counts.formatted++
    else if (mark) counts[mark] += typeof insert === 'string' ? insert.length : 1
  }
  return counts
}

/**
 * The change between two contents whose texts differ by `runs`, with the formats
 * that differ in what is equal.
 */
export function changeOf(runs: readonly DiffRun[], before: Delta, after: Delta): Delta {
  const [olds, news] = [new OpIterator(before.ops), new OpIterator(after.ops)]
  const change = new Delta()
  for (const { op, text } of runs) {
    if (op === 'delete') {
      for (const gone of take(olds, text.length)) change.delete(Delta.Op.length(gone))
    } else if (op === 'insert') {
      for (const come of take(news, text.length)) change.push(come)
    } else {
      for (let left = text.length; left > 0;) {
        const length = Math.min(left, olds.peekLength(), news.peekLength())
        const [old, come] = [olds.next(length), news.next(length)]
        if (JSON.stringify(old.insert) === JSON.stringify(come.insert)) {
          change.retain(length, AttributeMap.diff(old.attributes, come.attributes))
        } else {
          // Two embeds are one and the same character to who compares texts.
          change.push(come).delete(length)
        }
        left -= length
      }
    }
  }
  return change.chop()
}

function take(iterator: OpIterator, length: number): Op[] {
  const ops: Op[] = []
  for (let left = length; left > 0 && iterator.hasNext();) {
    const op = iterator.next(left)
    left -= Delta.Op.length(op)
    ops.push(op)
  }
  return ops
}

function formatted(kept: Op, change: AttributeMap): Segment[] {
  const attributes = AttributeMap.compose(kept.attributes, change)
  const formats = Object.keys(AttributeMap.diff(kept.attributes, attributes) ?? {})
  const { insert } = kept
  if (insert === undefined) return []
  if (formats.length === 0) return segment(kept)
  return [{ insert, ...(attributes && { attributes }), mark: 'formatted', formats }]
}

function segment({ insert, attributes }: Op, mark?: Mark): Segment[] {
  if (insert === undefined) return []
  return [{ insert, ...(attributes && { attributes }), ...(mark && { mark }) }]
}
