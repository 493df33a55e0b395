import { ApiError } from '#client'
import { words } from '../words/index.svelte'
import { explain } from '../words/sentences'

/** Why somebody was not let in, in a sentence: the same for who is unknown and for a wrong password. Reactive. */
export function whyNotIn(error: unknown): string {
  const said = words().signIn
  if (error instanceof ApiError && error.status === 401) return said.wrong
  return tooOften(error) ?? said.notSignedIn(explain(error))
}

/** How long to wait where something was tried too often. Reactive. */
export function tooOften(error: unknown): string | undefined {
  if (!(error instanceof ApiError) || error.status !== 429) return undefined
  return words().signIn.wait(error.retryAfter ?? 1)
}
