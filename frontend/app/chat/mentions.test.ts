import { expect, test } from 'vitest'
import { beingCalled, mentions, partsOf } from './mentions'

const names = ['Ada', 'Ada Lovelace', 'Bob']

test('a message is cut at names and addresses', () => {
  expect(partsOf('Hi @ada lovelace, see https://tutti.test/d/x.', names)).toEqual([
    { kind: 'text', text: 'Hi ' },
    { kind: 'mention', text: '@ada lovelace' },
    { kind: 'text', text: ', see ' },
    { kind: 'link', text: 'https://tutti.test/d/x' },
    { kind: 'text', text: '.' },
  ])
  expect(partsOf('', names)).toEqual([])
})

test('whatever it is cut into, nothing of a message is lost', () => {
  for (const text of ['@Ada@Bob', '@', 'a@bob', 'https://x.test/@Bob @Bob', '@Bobby @bob']) {
    expect(
      partsOf(text, names)
        .map((part) => part.text)
        .join(''),
    ).toBe(text)
  }
})

test('only a whole name is called, and no address of mail', () => {
  expect(mentions('@Bob: look', 'Bob')).toBe(true)
  expect(mentions('@Bobby', 'Bob')).toBe(false)
  expect(mentions('mail@bob', 'Bob')).toBe(false)
  expect(mentions('Bob', 'Bob')).toBe(false)
})

test('a name is being called up to the caret', () => {
  expect(beingCalled('hi @ad', 6)).toBe('ad')
  expect(beingCalled('@', 1)).toBe('')
  expect(beingCalled('hi @ad', 2)).toBeUndefined()
  expect(beingCalled('a@b', 3)).toBeUndefined()
})
