// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { route } from '../location.svelte'
import { historyCommands } from './commands'

test('the commands of an editor lead into the history', () => {
  const lead = (changes: boolean) =>
    historyCommands('d', 12, changes).map(({ label, run }) => {
      run()
      const at = route()
      return [label, at.page === 'history' ? at.view : undefined]
    })
  expect(lead(true)).toEqual([
    ['Open history', {}],
    ['Name this version', { naming: true }],
    ['Compare with…', { compare: { from: 0, to: 12 } }],
    ['Show who wrote what', { authors: true }],
  ])
  expect(lead(false).map(([label]) => label)).not.toContain('Name this version')
})
