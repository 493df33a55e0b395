/** CodeMirror's changes and our deltas: both count UTF-16 units, a line break being one. */
import { Text, type ChangeSet, type ChangeSpec, type Transaction } from '@codemirror/state'
import Delta from 'quill-delta'
import { isWithinPair, objectReplacement } from './delta'

export function deltaOf(changes: ChangeSet): Delta {
  const delta = new Delta()
  let at = 0
  changes.iterChanges((from, to, _newFrom, _newTo, inserted) => {
    delta
      .retain(from - at)
      .insert(inserted.toString())
      .delete(to - from)
    at = to
  })
  return delta
}

export function changesOf(delta: Delta): ChangeSpec[] {
  const changes: ChangeSpec[] = []
  let at = 0
  for (const op of delta.ops) {
    const length = Delta.Op.length(op)
    if (op.insert !== undefined) {
      const text = typeof op.insert === 'string' ? op.insert : objectReplacement
      // As Text, since a string would be cut at whatever the editor holds for a line break.
      changes.push({ from: at, insert: Text.of(text.split('\n')) })
      continue
    }
    if (op.delete !== undefined) changes.push({ from: at, to: at + length })
    at += length
  }
  return changes
}

const noCharacter = /[\r\p{Surrogate}]/u

/**
 * What must follow a transaction so that the document is made of whole
 * characters and has no carriage return, which no delta may bring to the server.
 * The part of a pair that a change leaves is replaced together with the change,
 * so that the two are one change with its borders between characters.
 */
export function repairsOf({ changes, startState, newDoc }: Transaction): ChangeSpec[] {
  const repairs: ChangeSpec[] = []
  changes.iterChanges((from, to, newFrom, newTo, inserted) => {
    const [cutsBefore, cutsAfter] = [cutsPair(startState.doc, from), cutsPair(startState.doc, to)]
    if (!cutsBefore && !cutsAfter && !noCharacter.test(inserted.toString())) return
    const whole = {
      from: cutsBefore ? newFrom - 1 : newFrom,
      to: cutsAfter ? newTo + 1 : newTo,
    }
    const insert = newDoc
      .sliceString(whole.from, whole.to)
      .replace(/\r\n?/g, '\n')
      .replace(/\p{Surrogate}/gu, '')
    repairs.push({ ...whole, insert: Text.of(insert.split('\n')) })
  })
  return repairs
}

function cutsPair(doc: Text, at: number): boolean {
  return isWithinPair(doc.sliceString(Math.max(0, at - 1), at + 1), 1)
}
