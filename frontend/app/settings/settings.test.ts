import { expect, test } from 'vitest'
import { readSettings } from './settings.svelte'

test('what was chosen is read again', () => {
  const stored = { theme: 'dark', wrap: 'off', lineNumbers: 'on', textSize: 130, vim: true }
  expect(readSettings(JSON.stringify({ ...stored, layout: 'preview' }))).toEqual({
    ...stored,
    layout: 'preview',
  })
})

test.each([null, '', 'nonsense', 'null', '7', '[]', '{"theme":"pink","textSize":1e9,"vim":"yes"}'])(
  'what cannot be understood is left as it was: %s',
  (stored) => expect(readSettings(stored)).toEqual(readSettings('{}')),
)
