/** What a page shows to be let in, where it has no log-in at the server itself. */

/**
 * A token, or how to get one: `refused` is the one that the server takes no more, if
 * that is why another is wanted.
 */
export type Token = string | ((refused?: string) => string | Promise<string>)

let common: Token | undefined

/** Has all documents and calls show a token that name none of their own. */
export function useToken(token: Token | undefined): void {
  common = token
}

/** The token that is to be shown, where `own` is the document's or the call's. */
export function tokenOr(own: Token | undefined): Token | undefined {
  return own ?? common
}

/** How long before its end a token is renewed, in milliseconds; a short-lived one in its last fifth. */
const renewBefore = 30_000

/**
 * Keeps the token that `ask` gets until it is about to end, by the `exp` that is in it
 * if it is a JWT, or the server refuses it. Then it asks again.
 */
export function keptToken(ask: () => Promise<string>): (refused?: string) => Promise<string> {
  let kept: Promise<string> | null = null
  let value = ''
  let renewAt = Infinity
  return (refused) => {
    if (kept && refused !== undefined && refused === value) kept = null
    if (Date.now() >= renewAt) kept = null
    if (kept) return kept
    renewAt = Infinity
    kept = ask().then(
      (token) => {
        value = token
        renewAt = renewalOf(token, Date.now())
        return token
      },
      (error: unknown) => {
        kept = null
        throw error
      },
    )
    return kept
  }
}

/** When to ask for the next. One that seems to have ended already only shows that our clock is wrong. */
export function renewalOf(token: string, now: number): number {
  const lasts = endOf(token) - now
  return lasts > 0 ? now + Math.max(lasts - renewBefore, lasts * 0.8) : Infinity
}

/** When a token ends, in Unix milliseconds; never, as far as one can see, where it is no JWT. */
function endOf(token: string): number {
  try {
    const claims = token.split('.')[1] ?? ''
    const json = atob(claims.replaceAll('-', '+').replaceAll('_', '/'))
    const { exp } = JSON.parse(json) as { exp?: unknown }
    return typeof exp === 'number' ? exp * 1000 : Infinity
  } catch {
    return Infinity
  }
}
