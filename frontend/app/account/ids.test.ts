import { expect, test } from 'vitest'
import { readIds } from './ids'

test('ids are found alone, in lines, and in addresses', () => {
  expect(readIds('notes\nhttp://tutti.test/d/plan-2?history\n plan_3, notes')).toEqual([
    'notes',
    'plan-2',
    'plan_3',
  ])
})

test('what can be no id is none', () => expect(readIds(' -x \n a.b \n http://x/ ')).toEqual([]))
