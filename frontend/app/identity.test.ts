import { expect, test } from 'vitest'
import { readIdentity } from './identity.svelte'

test('an identity is read back as it was stored', () => {
  const ada = { name: 'Ada', color: '#6741d9' }
  expect(readIdentity(JSON.stringify(ada))).toEqual(ada)
})

test('what is no identity, or one that the server would refuse, is not used', () => {
  const color = '#6741d9'
  const stored = [
    null,
    '',
    'null',
    '[]',
    '{}',
    JSON.stringify({ name: '', color }),
    JSON.stringify({ name: 'a'.repeat(65), color }),
    JSON.stringify({ name: 'Ada\u0007', color }),
    JSON.stringify({ name: 'Ada', color: 'red' }),
    JSON.stringify({ name: 7, color }),
  ]
  for (const value of stored) expect(readIdentity(value)).toBeUndefined()
})
