/** Tokens by which programs act for a person. */
import { call, type CallOptions, type Page } from './call'

export type Scope = 'read' | 'write' | 'manage' | 'metrics'

/** Times are RFC 3339. */
export interface ApiToken {
  readonly id: string
  readonly name: string
  readonly scope: Scope
  /** The only ones that it is for; left out: all. */
  readonly documents?: readonly string[]
  readonly createdAt: string
  readonly expiresAt?: string
  readonly usedAt?: string
}

export interface NewApiToken {
  name: string
  scope: Scope
  documents?: readonly string[]
  expiresAt?: string
}

/** One's tokens, the newest first. */
export async function listTokens(options?: CallOptions): Promise<readonly ApiToken[]> {
  return (await call<Page<ApiToken>>('GET', '/tokens', undefined, options)).items
}

/** Makes a token. Its secret is told this once. */
export function addToken(
  token: NewApiToken,
  options?: CallOptions,
): Promise<ApiToken & { readonly secret: string }> {
  return call('POST', '/tokens', token, options)
}

/** Revokes a token: what uses it is shut out at once. */
export function dropToken(id: string, options?: CallOptions): Promise<void> {
  return call('DELETE', `/tokens/${encodeURIComponent(id)}`, undefined, options)
}
