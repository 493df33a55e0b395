import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { Random, seeds } from '../../client/test/random'

const require = createRequire(import.meta.url)
type IsEqual = (a: unknown, b: unknown) => boolean
type CloneDeep = (value: unknown) => unknown
const isEqual = require('./isequal.cjs') as IsEqual
const cloneDeep = require('./clonedeep.cjs') as CloneDeep
const lodashIsEqual = require('lodash.isequal') as IsEqual
const lodashCloneDeep = require('lodash.clonedeep') as CloneDeep

/** What JSON can hold, and more. Not the key `__proto__`, which the server takes from nobody. */
function value(random: Random, depth = 3): unknown {
  const leaf = random.pick([null, undefined, true, false, 0, -0, 1, 1.5, NaN, '', 'a', '1', 'ä😀'])
  if (depth === 0 || random.chance(0.4)) return leaf
  const parts = Array.from({ length: random.below(4) }, () => value(random, depth - 1))
  if (random.chance(0.4)) return parts
  const keys = ['a', 'b', 'length', '0', 'constructor', 'toString', '']
  return Object.fromEntries(parts.map((part) => [random.pick(keys), part]))
}

test('values are equal where lodash finds them equal', () => {
  let equal = 0
  for (const seed of seeds(20_000)) {
    const random = new Random(seed)
    const a = value(random)
    const b = random.chance(0.3) ? lodashCloneDeep(a) : value(random)
    expect([seed, isEqual(a, b)]).toEqual([seed, lodashIsEqual(a, b)])
    if (isEqual(a, b)) equal++
  }
  expect(equal).toBeGreaterThan(1000)
})

test('the order of keys does not matter, a key that is undefined does', () => {
  expect(isEqual({ a: 1, b: { c: [2] } }, { b: { c: [2] }, a: 1 })).toBe(true)
  expect(isEqual({ a: undefined }, {})).toBe(false)
  expect(isEqual({ a: undefined }, { b: undefined })).toBe(false)
  expect(isEqual([], {})).toBe(false)
})

test('a copy is lodash’s copy, and shares nothing with what it was made of', () => {
  for (const seed of seeds(20_000)) {
    const original = value(new Random(seed))
    const copy = cloneDeep(original)
    expect(lodashIsEqual(copy, lodashCloneDeep(original))).toBe(true)
    expectApart(copy, original)
  }
})

function expectApart(copy: unknown, original: unknown): void {
  if (typeof original !== 'object' || !original) return
  expect(copy).not.toBe(original)
  expect(Object.keys(copy as object)).toEqual(Object.keys(original))
  expect(Object.getPrototypeOf(copy)).toBe(Object.getPrototypeOf(original))
  for (const key of Object.keys(original)) {
    expectApart((copy as Record<string, unknown>)[key], (original as Record<string, unknown>)[key])
  }
}

type Diff = (a: string, b: string, cursor?: unknown, cleanup?: boolean) => [number, string][]
const diff = require('./fast-diff.cjs') as Diff
const fastDiff = require('fast-diff') as Diff

const side = (parts: [number, string][], not: number) =>
  parts.flatMap(([kind, text]) => (kind === not ? [] : [text])).join('')

test('a diff leads from one text to the other, and cuts no character', () => {
  for (const seed of seeds(5000)) {
    const random = new Random(seed)
    const text = () =>
      Array.from({ length: random.below(12) }, () =>
        random.pick(['a', 'b', ' ', '😀', '😃', 'ü']),
      ).join('')
    const [before, after] = [text(), text()]
    const cursor = random.chance(0.5) ? random.below(before.length + 1) : undefined
    const parts = diff(before, after, cursor)
    expect([seed, side(parts, 1), side(parts, -1)]).toEqual([seed, before, after])
    for (const [, part] of parts) expect(part).toMatch(/^\P{Surrogate}+$/u)
  }
})

test('with a caret it finds what was typed where fast-diff finds it', () => {
  for (const seed of seeds(5000)) {
    const random = new Random(seed)
    const before = Array.from({ length: random.below(8) }, () => random.pick(['a', 'b'])).join('')
    const at = random.below(before.length + 1)
    const typed = random.pick(['a', 'b', 'ab'])
    const after = before.slice(0, at) + typed + before.slice(at)
    const range = (index: number) => ({ index, length: 0 })
    const cursor = { oldRange: range(at), newRange: range(at + typed.length) }
    expect([seed, diff(before, after, cursor)]).toEqual([seed, fastDiff(before, after, cursor)])
  }
})

test('texts that have nothing in common are not compared for long', () => {
  const [before, after] = ['x'.repeat(50_000), 'y'.repeat(50_000)]
  const start = performance.now()
  expect(diff(before, after)).toEqual([
    [-1, before],
    [1, after],
  ])
  // Far from what it takes; fast-diff takes minutes.
  expect(performance.now() - start).toBeLessThan(10_000)
})
