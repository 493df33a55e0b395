import { needWords } from './index.svelte'

/** Unit tests speak from every part. */
for (const part of [
  'later',
  'account',
  'administration',
  'home',
  'history',
  'rich',
  'sharing',
] as const)
  await needWords(part)

// Dates are written as where the browser says that the person is; Node says nothing.
if (!('navigator' in globalThis)) {
  Object.defineProperty(globalThis, 'navigator', {
    value: { languages: ['en'] },
    configurable: true,
  })
}
