/** Who one is on a server with accounts, and where one has logged in. */
import { call, type CallOptions, type Page } from './call'

/** Who asks, as they see themselves. */
export interface Session {
  /** Whether the server has accounts: without them everybody is a guest. */
  readonly accounts: boolean
  readonly id: string
  /** What they log in by; guests have none. */
  readonly login?: string
  readonly name: string
  /** `#rrggbb`; left out where they have chosen none. */
  readonly color?: string
  readonly administrator: boolean
}

/** One of a person's own log-ins. Times are RFC 3339. */
export interface Login {
  readonly id: string
  /** What the browser calls itself. */
  readonly agent: string
  readonly createdAt: string
  readonly usedAt: string
  readonly expiresAt: string
  /** Whether it is the one of this very call. */
  readonly current: boolean
}

/** What a link makes an account of, or with `password` alone a new password. */
export interface Redemption {
  secret: string
  login?: string
  name?: string
  password: string
}

/** Says who one is. Throws an ApiError of status 401 for strangers. */
export function getSession(options?: CallOptions): Promise<Session> {
  return call('GET', '/session', undefined, options)
}

/** Logs in: the answer sets a cookie. Unknown people and wrong passwords are told apart by nothing. */
export function signIn(login: string, password: string, options?: CallOptions): Promise<Session> {
  return call('POST', '/session', { login, password }, options)
}

export function signOut(options?: CallOptions): Promise<void> {
  return call('DELETE', '/session', undefined, options)
}

/** Changes how others see one. */
export function changeSelf(
  change: { name?: string; color?: string },
  options?: CallOptions,
): Promise<Session> {
  return call('PATCH', '/session', change, options)
}

/** How people log in here: `oidc` says whether at a provider, too. */
export function getWays(
  options?: CallOptions,
): Promise<{ readonly accounts: boolean; readonly oidc: boolean }> {
  return call('GET', '/session/ways', undefined, options)
}

/** Changes one's password, and ends all other log-ins. */
export function changePassword(
  current: string,
  password: string,
  options?: CallOptions,
): Promise<void> {
  return call('POST', '/session/password', { current, password }, options)
}

/** What a link is good for, without using it up: an account, or with `reset` a new password. */
export interface Invited {
  readonly reset: boolean
  /** Whose password it resets. */
  readonly login?: string
  readonly name?: string
  readonly administrator: boolean
  readonly expiresAt: string
}

/** Throws an ApiError of status 404 where the link is used up, has expired, or was never given. */
export function lookAtLink(secret: string, options?: CallOptions): Promise<Invited> {
  return call('POST', '/redeem/look', { secret }, options)
}

/** Uses the secret of a link to an account or to a new password, and logs in. */
export function redeem(redemption: Redemption, options?: CallOptions): Promise<Session> {
  return call('POST', '/redeem', redemption, options)
}

/** Where one has logged in, the newest first. */
export async function listLogins(options?: CallOptions): Promise<readonly Login[]> {
  return (await call<Page<Login>>('GET', '/logins', undefined, options)).items
}

/** Logs out elsewhere. */
export function endLogin(id: string, options?: CallOptions): Promise<void> {
  return call('DELETE', `/logins/${encodeURIComponent(id)}`, undefined, options)
}
