import { expect, test } from 'vitest'
import { keyTarget } from './menuKeys'

const labels = ['Rename', 'Duplicate', 'Download', 'Move to trash']

test.each([
  ['ArrowDown', -1, 0],
  ['ArrowDown', 3, 0],
  ['ArrowUp', 0, 3],
  ['ArrowUp', -1, 3],
  ['Home', 2, 0],
  ['End', 0, 3],
  ['d', 0, 1],
  ['D', 1, 2],
  ['d', 2, 1],
  ['m', -1, 3],
  ['x', 0, undefined],
  [' ', 0, undefined],
  ['Enter', 0, undefined],
])('%s from %i leads to %s', (key, at, to) => expect(keyTarget(key, at, labels)).toBe(to))

test('an empty menu leads nowhere', () => expect(keyTarget('ArrowDown', -1, [])).toBeUndefined())
