import { needWords } from './index.svelte'

/** Unit tests speak from every part. */
for (const part of ['home', 'history', 'rich'] as const) await needWords(part)
