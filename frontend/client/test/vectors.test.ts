import { readFileSync } from 'node:fs'
import Delta from 'quill-delta'
import { expect, it } from 'vitest'

type Ops = Delta['ops']

/** One line of the vectors that the server's algebra is tested with too. */
interface Vector {
  case: number
  doc: Ops
  a: Ops
  b: Ops
  c: Ops
  at: number
  applied: Ops
  composed: Ops
  aTransformsB: [Ops, Ops]
  bTransformsA: [Ops, Ops]
  inverse: Ops
  positions: [number, number]
}

const path = new URL('../../../ot/testdata/vectors.jsonl', import.meta.url)
const vectors = readFileSync(path, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector)

it('has vectors to agree on', () => {
  expect(vectors.length).toBeGreaterThanOrEqual(1000)
})

it('agrees with the server on what the deltas of an edit come to', () => {
  for (const vector of vectors) {
    const doc = new Delta(vector.doc)
    const a = new Delta(vector.a)
    const b = new Delta(vector.b)
    expect(
      {
        applied: doc.compose(a).ops,
        composed: a.compose(new Delta(vector.c)).ops,
        aTransformsB: [a.transform(b, false).ops, a.transform(b, true).ops],
        bTransformsA: [b.transform(a, false).ops, b.transform(a, true).ops],
        inverse: a.invert(doc).ops,
        positions: [a.transformPosition(vector.at, false), a.transformPosition(vector.at, true)],
      },
      `case ${vector.case}`,
    ).toEqual({
      applied: vector.applied,
      composed: vector.composed,
      aTransformsB: vector.aTransformsB,
      bTransformsA: vector.bTransformsA,
      inverse: vector.inverse,
      positions: vector.positions,
    })
  }
})
