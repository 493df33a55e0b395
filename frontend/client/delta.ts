/** What this client needs of deltas beyond what quill-delta gives. */
import Delta, { type Op } from 'quill-delta'
import type { Cursor } from './wire'

export const objectReplacement = '\uFFFC'

/** In a `u` expression a surrogate that is part of a pair is no character of its own. */
const loneSurrogate = /\p{Surrogate}/u
const highSurrogate = /[\uD800-\uDBFF]/
const lowSurrogate = /[\uDC00-\uDFFF]/

/** The length of the shortest content that the delta can be applied to. */
export function baseLength(delta: Delta): number {
  let length = 0
  for (const op of delta.ops) {
    if (op.insert === undefined) length += Delta.Op.length(op)
  }
  return length
}

/** The text of a content, each embed as U+FFFC, so that positions stay what they are. */
export function plainText(content: Delta): string {
  return content.ops.map(({ insert }) => textOf(insert)).join('')
}

function textOf(insert: Op['insert']): string {
  return typeof insert === 'string' ? insert : objectReplacement
}

/** What a delta writes, without where it writes it. */
export function insertedText(delta: Delta): string {
  return plainText(new Delta(delta.filter((op) => op.insert !== undefined)))
}

export function hasLoneSurrogate(delta: Delta): boolean {
  return delta.ops.some(({ insert }) => typeof insert === 'string' && loneSurrogate.test(insert))
}

/**
 * One delta with the effect of all in turn. For showing and storing only:
 * transform does not distribute over compose, so what is still to be transformed
 * is never squashed. Composing in pairs keeps a long run from going quadratic.
 */
export function composeAll(deltas: readonly Delta[]): Delta {
  if (deltas.length <= 1) return deltas[0] ?? new Delta()
  const middle = deltas.length >> 1
  return composeAll(deltas.slice(0, middle)).compose(composeAll(deltas.slice(middle)))
}

/**
 * Carries two deltas made on one content over each other. In ties ours goes
 * first, as on the server, where it is the incoming one.
 */
export function cross(ours: Delta, theirs: Delta): { ours: Delta; theirs: Delta } {
  return { ours: theirs.transform(ours, false), theirs: ours.transform(theirs, true) }
}

/** `first` for cursors of the delta's own author, which end up behind what it inserts. */
export function moveCursor(cursor: Cursor, delta: Delta, isAuthor: boolean): Cursor {
  const anchor = delta.transformPosition(cursor.anchor, !isAuthor)
  const head = delta.transformPosition(cursor.head, !isAuthor)
  return anchor === cursor.anchor && head === cursor.head ? cursor : { anchor, head }
}

/** Two texts of this length that have nothing in common take half a second to compare. */
const longestDiff = 5_000

/** A delta that turns one content into another, and cuts no surrogate pair. */
export function difference(from: Delta, to: Delta): Delta {
  const [before, after] = [plainText(from), plainText(to)]
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start++
  if (isWithinPair(before, start) || isWithinPair(after, start)) start--
  let end = 0
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++
  if (isWithinPair(before, before.length - end) || isWithinPair(after, after.length - end)) end--

  if (before !== '' && Math.max(before.length, after.length) - start - end <= longestDiff) {
    const delta = from.diff(to)
    // fast-diff parts the halves of a pair now and then.
    if (!cutsPair(delta, before) && !hasLoneSurrogate(delta)) return delta
  }
  // What begins or ends alike may still differ in its formats.
  if (![from, to].every(isUnformatted)) start = end = 0
  const replacement = to.slice(start, after.length - end)
  return new Delta()
    .retain(start)
    .concat(replacement)
    .delete(before.length - start - end)
}

/** Whether one content can be taken for a later or earlier state of the other. */
export function isAkin(one: Delta, other: Delta): boolean {
  const deleted = difference(one, other).reduce((sum, op) => sum + (op.delete ?? 0), 0)
  return (one.length() - deleted) * 2 >= Math.min(one.length(), other.length())
}

/** Whether a border of an op falls within a surrogate pair of the text that it applies to. */
export function cutsPair(delta: Delta, text: string): boolean {
  let at = 0
  return delta.ops.some((op) => {
    if (op.insert === undefined) at += Delta.Op.length(op)
    return isWithinPair(text, at)
  })
}

function isUnformatted(content: Delta): boolean {
  return content.ops.every(({ insert, attributes }) => typeof insert === 'string' && !attributes)
}

const utf8 = new TextEncoder()

function jsonBytes(value: unknown): number {
  return utf8.encode(JSON.stringify(value)).length
}

/** Whether two deltas write and delete the same at the same places, however they are spelled. */
export function isSameEdit(one: Delta, other: Delta): boolean {
  return outline(one) === outline(other)
}

function outline(delta: Delta): string {
  const bare = delta.reduce((result, { insert, retain, delete: deleted }) => {
    if (insert !== undefined) return result.insert(textOf(insert))
    return deleted === undefined ? result.retain(retain ?? 0) : result.delete(deleted)
  }, new Delta())
  return JSON.stringify(bare.chop().ops)
}

/** Bytes that a part keeps free: for its brackets, and the delete that may join it. */
const spare = 64

/**
 * Cuts a delta in two whose effect in turn is the same, so that the JSON of the
 * first part keeps to `budget` bytes where it can be kept at all: text is cut,
 * but never within a surrogate pair, an op's attributes are not.
 */
export function split(delta: Delta, budget: number): [Delta, Delta | null] {
  // A UTF-16 unit takes three bytes at most, which settles all but huge deltas.
  if (JSON.stringify(delta.ops).length * 3 <= budget) return [delta, null]
  if (jsonBytes(delta.ops) <= budget) return [delta, null]

  const first: Op[] = []
  let left = budget - spare
  const rest = [...delta.ops]
  for (let op = rest.shift(); op; op = rest.shift()) {
    const size = jsonBytes([op])
    if (size > left) {
      const around = size - jsonBytes(op.insert ?? '')
      const isFutile = first.every(
        (passed) => typeof passed.retain === 'number' && !passed.attributes,
      )
      const [head, tail] = cut(op, left - around, isFutile)
      if (head) first.push(head)
      if (tail) rest.unshift(tail)
      break
    }
    first.push(op)
    left -= size
  }
  // What replaces is inserted before what it replaces is deleted. The delete goes
  // with the first part, or the document would for a while hold both.
  const replaced = rest.findIndex((op) => op.delete !== undefined)
  if (replaced > 0 && rest.slice(0, replaced).every((op) => op.insert !== undefined)) {
    first.push(...rest.splice(replaced, 1))
  }
  if (rest.length === 0) return [new Delta(first), null]
  const passed = first.reduce((sum, op) => sum + (op.delete ? 0 : Delta.Op.length(op)), 0)
  return [new Delta(first), new Delta().retain(passed).concat(new Delta(rest))]
}

/** Cuts the text of an insert after at most `budget` bytes; `force` takes something always. */
function cut(op: Op, budget: number, force: boolean): [Op | null, Op | null] {
  const text = op.insert
  if (typeof text !== 'string') return force ? [op, null] : [null, op]
  let at = 0
  for (let beyond = text.length + 1; beyond - at > 1;) {
    const middle = (at + beyond) >> 1
    if (jsonBytes(text.slice(0, middle)) <= budget) at = middle
    else beyond = middle
  }
  if (isWithinPair(text, at)) at--
  if (at === 0 && force) at = isWithinPair(text, 1) ? 2 : 1
  if (at === 0) return [null, op]
  if (at === text.length) return [op, null]
  return [
    { ...op, insert: text.slice(0, at) },
    { ...op, insert: text.slice(at) },
  ]
}

/** Whether a position would part the two halves of a surrogate pair. */
export function isWithinPair(text: string, at: number): boolean {
  return highSurrogate.test(text.charAt(at - 1)) && lowSurrogate.test(text.charAt(at))
}
