import { expect, test } from 'vitest'
import { isPressed, isTyping, shortKeys } from './keys'

const press = (key: string, held = '', code = '') => ({
  key,
  code,
  ctrlKey: held.includes('c'),
  metaKey: held.includes('m'),
  altKey: held.includes('a'),
  shiftKey: held.includes('s'),
})

test('Mod is Command on a Mac and Control elsewhere', () => {
  expect(isPressed('Mod-k', press('k', 'c'), false)).toBe(true)
  expect(isPressed('Mod-k', press('k', 'm'), false)).toBe(false)
  expect(isPressed('Mod-k', press('k', 'm'), true)).toBe(true)
  expect(isPressed('Mod-k', press('k', 'c'), true)).toBe(false)
})

test('nothing more and nothing less may be held', () => {
  expect(isPressed('Mod-k', press('K', 'cs'), false)).toBe(false)
  expect(isPressed('Mod-Shift-k', press('K', 'cs'), false)).toBe(true)
  expect(isPressed('Mod-Alt-n', press('n', 'c'), false)).toBe(false)
  expect(isPressed('Mod-Alt-n', press('n', 'ca'), false)).toBe(true)
  expect(isPressed('ArrowDown', press('ArrowDown'), false)).toBe(true)
})

test('a sign counts with and without Shift, as keyboards differ', () => {
  expect(isPressed('?', press('?', 's'), false)).toBe(true)
  expect(isPressed('Mod-/', press('/', 'cs'), false)).toBe(true)
  expect(isPressed('Mod--', press('-', 'c'), false)).toBe(true)
})

test('a keyboard without Latin letters has them by place', () => {
  expect(isPressed('Mod-k', press('л', 'c', 'KeyK'), false)).toBe(true)
  // A French keyboard has an a in the place of q.
  expect(isPressed('Mod-a', press('a', 'c', 'KeyQ'), false)).toBe(true)
})

test('keys that write are told from those that do not', () => {
  expect(isTyping('?')).toBe(true)
  expect(isTyping('Mod-/')).toBe(false)
  expect(isTyping('F1')).toBe(false)
})

test('keys are written as the machine has them', () => {
  expect(shortKeys('Mod-Shift-p', false)).toBe('Ctrl+Shift+P')
  expect(shortKeys('Mod-Shift-p', true)).toBe('⇧⌘P')
  expect(shortKeys('ArrowDown', false)).toBe('↓')
})
