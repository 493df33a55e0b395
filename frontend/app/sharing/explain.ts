import { ApiError } from '#client'
import { words } from '../words/index.svelte'
import { explain } from '../words/sentences'

/** What went wrong with sharing, in a sentence for the person at the screen. Reactive. */
export function explainSharing(error: unknown): string {
  const code = error instanceof ApiError ? error.code : ''
  if (code === 'last_owner') return words().sharing.lastOwner
  if (code === 'not_found') return words().sharing.noSuch
  return explain(error)
}
