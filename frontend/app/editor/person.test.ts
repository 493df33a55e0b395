import { expect, test } from 'vitest'
import { palette } from '../identity.svelte'
import { initials, inkOn } from './person'

test('initials are whole characters', () => {
  expect(initials('ada lovelace')).toBe('AL')
  expect(initials('Viola')).toBe('V')
  expect(initials('  Jean   Paul  Sartre ')).toBe('JS')
  expect(initials('👩‍🚀 Astro')).toBe('👩‍🚀A')
  expect(initials('')).toBe('')
})

test('letters read on any colour', () => {
  expect(inkOn('#ffff00')).toBe('#000000')
  expect(inkOn('#000080')).toBe('#ffffff')
})

test('white letters read on our own colours', () => {
  for (const { color } of palette) expect([color, inkOn(color)]).toEqual([color, '#ffffff'])
})
