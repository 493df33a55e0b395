// The oracle for the Go package ot: random cases, and what npm quill-delta
// makes of them, one JSON object a line (ot/testdata/README.md has the format).
//
//   go test ./ot -run TestOracle -oracle 1000000
//   node frontend/oracle/compare.mjs --cases 1500 --seed 1 > ot/testdata/vectors.jsonl
//
// Case i of seed s is the same in every run, whatever the number of cases:
// --first i --cases 1 prints one again.

import { once } from 'node:events'
import { parseArgs } from 'node:util'
import Delta from 'quill-delta'

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000' },
    first: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
  },
})

/** @typedef {import('quill-delta').Op} Op */
/** @typedef {{ rich: boolean, loose: boolean, alphabet: string[], length: number, ops: number, run: number }} Manner */

/**
 * mulberry32: small, and good enough to spread cases.
 * @param {number} seed
 */
function generator(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x = (x + Math.imul(x ^ (x >>> 7), x | 61)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
}

let random = generator(0)
/** @param {number} n */
const below = (n) => Math.floor(random() * n)
/**
 * @template T
 * @param {T[]} list
 * @returns {T}
 */
const pick = (list) => list[below(list.length)]
/** @param {number} p */
const chance = (p) => random() < p

const alphabets = [
  ['a', 'b', 'c'],
  ['a', 'b', 'c', 'd', 'e', 'f', ' ', '\n', '"', '\\', '\t'],
  ['a', '😀', '😁', '👩', '\u{10ffff}'],
  ['é', 'e\u0301', '世', '界', '\u2028', '\0', '\u200d', '\ufffc', '\ufffd', '\u{1f1e9}', '\u00df'],
]
const names = ['bold', 'color', 'list', 'é', '0']
const settings = [true, false, 'red', 'blue', '', 0, 1, 1.5, -2e-7, 1e21, '😀"']
const embeds = [
  { image: 'x' },
  { image: 'y' },
  { formula: { a: [1, null, '😀'] } },
  { divider: true },
]

/**
 * What a case is made of. Dense ones are short with many ops, so that nearly
 * all of them touch each other; loose ones are not as the builders make them.
 * @returns {Manner}
 */
function manner() {
  const dense = chance(0.4)
  return {
    rich: chance(0.75),
    loose: chance(0.25),
    alphabet: pick(alphabets),
    length: dense ? 3 : pick([8, 30]),
    ops: dense ? 6 : pick([2, 4]),
    run: dense ? 2 : 5,
  }
}

/** @param {Manner} m */
function text(m) {
  let out = ''
  for (let n = 1 + below(m.run); n > 0; n--) out += pick(m.alphabet)
  return out
}

/**
 * @param {Manner} m
 * @param {boolean} nulls
 */
function attributes(m, nulls) {
  if (!m.rich || chance(0.5)) return undefined
  /** @type {Record<string, unknown>} */
  const out = {}
  for (let n = 1 + below(2); n > 0; n--)
    out[pick(names)] = nulls && chance(0.4) ? null : pick(settings)
  return out
}

/**
 * @param {Op} op
 * @param {Record<string, unknown> | undefined} attrs
 * @returns {Op}
 */
const withAttributes = (op, attrs) => (attrs ? { ...op, attributes: attrs } : op)

/** @param {Manner} m */
function insert(m) {
  const what = m.rich && chance(0.2) ? pick(embeds) : text(m)
  return withAttributes({ insert: what }, attributes(m, false))
}

/**
 * Ops as the builders put them together, or just one after the other.
 * @param {Manner} m
 * @param {Op[]} ops
 */
function delta(m, ops) {
  if (m.loose) return new Delta(ops)
  const out = new Delta()
  for (const op of ops) out.push(op)
  return out
}

/** @param {Manner} m */
function content(m) {
  /** @type {Op[]} */
  const ops = []
  for (let left = below(m.length + 1); left > 0;) {
    const op = insert(m)
    ops.push(op)
    left -= Delta.Op.length(op)
  }
  return delta(m, ops)
}

/**
 * The lengths of a content's characters: no border of an op cuts a pair.
 * @param {Delta} doc
 */
function characters(doc) {
  return doc.ops.flatMap((op) =>
    typeof op.insert === 'string' ? Array.from(op.insert, (c) => c.length) : [1],
  )
}

/**
 * @param {Manner} m
 * @param {Delta} doc
 */
function change(m, doc) {
  const rest = characters(doc)
  /** @type {Op[]} */
  const ops = []
  for (let n = below(m.ops + 1); n > 0; n--) {
    if (rest.length === 0 || chance(0.4)) {
      ops.push(insert(m))
      continue
    }
    const units = rest.splice(0, 1 + below(m.run)).reduce((a, b) => a + b, 0)
    ops.push(
      chance(0.5) ? { delete: units } : withAttributes({ retain: units }, attributes(m, true)),
    )
  }
  return delta(m, ops)
}

/** @param {number} index */
function example(index) {
  random = generator(Math.imul(Number(options.seed), 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b))
  const m = manner()
  const doc = content(m)
  const a = change(m, doc)
  const b = change(m, doc)
  const applied = doc.compose(a)
  const c = change(m, applied)
  const at = below(doc.length() + 1)
  return JSON.stringify({
    case: index,
    doc: doc.ops,
    a: a.ops,
    b: b.ops,
    c: c.ops,
    at,
    applied: applied.ops,
    composed: a.compose(c).ops,
    aTransformsB: [a.transform(b, false).ops, a.transform(b, true).ops],
    bTransformsA: [b.transform(a, false).ops, b.transform(a, true).ops],
    inverse: a.invert(doc).ops,
    positions: [a.transformPosition(at, false), a.transformPosition(at, true)],
  })
}

const first = Number(options.first)
const end = first + Number(options.cases)
for (let i = first; i < end;) {
  let batch = ''
  for (const stop = Math.min(i + 256, end); i < stop; i++) batch += example(i) + '\n'
  if (!process.stdout.write(batch)) await once(process.stdout, 'drain')
}
