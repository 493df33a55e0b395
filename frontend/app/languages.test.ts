import { expect, test } from 'vitest'
import { findLanguage, isProse, languages } from './languages'

test('languages are found by their own name and by others', () => {
  expect(findLanguage('markdown')?.label).toBe('Markdown')
  expect(findLanguage('TS')?.id).toBe('typescript')
  expect(findLanguage('klingon')).toBeUndefined()
})

test('no name means two languages', () => {
  const names = languages.flatMap(({ id, alias = [] }) => [id, ...alias])
  expect(new Set(names).size).toBe(names.length)
})

test('what is no code reads as prose', () => {
  expect(isProse('markdown')).toBe(true)
  expect(isProse('')).toBe(true)
  expect(isProse('go')).toBe(false)
})

test.each(languages.filter(({ load }) => load))('$label loads', async ({ load }) => {
  expect((await load?.())?.language.name).toBeTruthy()
})
