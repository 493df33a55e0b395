/** Quill's changes and our deltas: what Quill cannot show, and what the server does not take. */
import Delta, { AttributeMap, type Op } from 'quill-delta'
import { cutsPair, difference, hasLoneSurrogate, plainText } from './delta'

/** How Quill is given an embed that it has no inline blot for: one unit, its value kept. */
export const unknownEmbed = 'tutti-unknown'

/**
 * A line is one of these. Two people may make it two at once; then it is the
 * first of them, in the server's order, or each editor would show another.
 */
const lineKinds = ['code-block', 'list', 'header', 'blockquote']

/** A delta of the document as Quill can apply it. */
export function toQuill(delta: Delta, canShow: (embed: string) => boolean): Delta {
  return new Delta(
    delta.map((op) => {
      const name = embedName(op)
      return name === null || canShow(name) ? op : { ...op, insert: { [unknownEmbed]: op.insert } }
    }),
  )
}

/** A content of the document with one kind to each line. */
export function oneKindEach(content: Delta): Delta {
  return new Delta(
    content.map((op) => {
      const { attributes = {} } = op
      const [kind, ...others] = lineKinds.filter((name) => attributes[name])
      if (kind === undefined || others.length === 0) return op
      const kept = Object.entries(attributes).filter(([name]) => !others.includes(name))
      return { ...op, attributes: Object.fromEntries(kept) }
    }),
  )
}

/** What Quill changed as a delta of the document, in words that the server takes. */
export function fromQuill(change: Delta, before: Delta): Delta {
  const whole = wholeCharacters(new Delta(change.map(clean)), before)
  return new Delta(keepFinalNewline(whole, before).map(known))
}

function embedName({ insert }: Op): string | null {
  return typeof insert === 'object' ? (Object.keys(insert)[0] ?? null) : null
}

function known(op: Op): Op {
  const value =
    embedName(op) === unknownEmbed && (op.insert as Record<string, unknown>)[unknownEmbed]
  return value ? { ...op, insert: value as Record<string, unknown> } : op
}

/** Without carriage returns, and without attributes that nothing can have. */
function clean(op: Op): Op {
  const entries = Object.entries(op.attributes ?? {}).filter(
    ([, value]) => typeof value !== 'object' || (value === null && op.insert === undefined),
  )
  const bare = { ...op }
  delete bare.attributes
  if (typeof bare.insert === 'string') bare.insert = bare.insert.replace(/\r\n?/g, '\n')
  return entries.length > 0 ? { ...bare, attributes: Object.fromEntries(entries) } : bare
}

/** Quill finds some changes by comparing texts, and parts surrogate pairs in that now and then. */
function wholeCharacters(change: Delta, before: Delta): Delta {
  const mayCut = change.ops.some((op) => op.delete !== undefined || op.attributes)
  const isHalf = hasLoneSurrogate(change)
  if (!isHalf && !(mayCut && cutsPair(change, plainText(before)))) return change
  const after = before.compose(change).map((op) => {
    if (typeof op.insert !== 'string') return op
    return { ...op, insert: op.insert.replace(/\p{Surrogate}/gu, '') }
  })
  return difference(before, new Delta(after.filter((op) => op.insert !== '')))
}

/**
 * The last newline of a document stays where it is: what comes behind it, or in
 * its place, is inserted before it, and it takes on the formats of the new end.
 */
export function keepFinalNewline(change: Delta, before: Delta): Delta {
  const last = before.length() - 1
  if (!touches(change, last)) return change
  const after = before.compose(change)
  const newLast = after.length() - 1
  const result = new Delta()
  let at = 0
  let newAt = 0
  for (const op of [...change.ops, { retain: Infinity }]) {
    if (op.insert !== undefined) {
      const kept = new Delta([op]).slice(0, Math.max(0, newLast - newAt)).ops[0]
      if (kept) result.push(kept)
      newAt += Delta.Op.length(op)
    } else if (op.delete !== undefined) {
      result.delete(Math.min(op.delete, last - at))
      at += op.delete
    } else {
      const length = Math.min(Delta.Op.length(op), last + 1 - at)
      const [end, newEnd] = [at + length - 1, newAt + length - 1]
      const kept = length - (end === last || newEnd === newLast ? 1 : 0)
      if (kept > 0) result.push({ ...op, retain: kept })
      const moved = end === last && newEnd < newLast && after.slice(newEnd, newEnd + 1).ops[0]
      if (moved) result.push(moved)
      if (newEnd === newLast && end < last) result.delete(1)
      at += length
      newAt += length
    }
  }
  const formats = AttributeMap.diff(
    before.slice(last).ops[0]?.attributes,
    after.slice(newLast).ops[0]?.attributes,
  )
  return result.retain(1, formats ?? null).chop()
}

/** Whether a delta deletes the last unit, or inserts behind it. */
function touches(delta: Delta, last: number): boolean {
  let at = 0
  return delta.ops.some((op) => {
    if (op.insert !== undefined) return at > last
    at += Delta.Op.length(op)
    return op.delete !== undefined && at > last
  })
}
