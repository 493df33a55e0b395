/** Who is at this browser, as the server says: the same in all of its tabs. */
import { ApiError } from '#client'
import { getSession, type Session } from '#client/rest/session'

export type Self =
  /** Nobody has said yet. */
  | { readonly state: 'unknown' }
  /** The server has no accounts. */
  | { readonly state: 'open' }
  | { readonly state: 'stranger' }
  /** Somebody with an account; or, without `login`, a guest who came by a link. */
  | ({ readonly state: 'in' } & Session)

const storageKey = 'tutti.self'

// What was said the last time holds until the server is heard, or while it can't be.
let current = $state.raw<Self>(remembered())

/** Reactive. */
export function self(): Self {
  return current
}

/** Whether people log in here, as far as is known. Reactive. */
export function hasAccounts(): boolean {
  return current.state === 'stranger' || current.state === 'in'
}

/** Whether this person may make documents, as far as is known: guests by a link may not. Reactive. */
export function mayCreate(): boolean {
  return current.state !== 'stranger' && (current.state !== 'in' || current.login !== undefined)
}

/** Whether this person runs the server, as far as is known: without accounts everybody does. Reactive. */
export function administers(): boolean {
  return current.state === 'open' || (current.state === 'in' && current.administrator)
}

/** Takes what the server answered about oneself. */
export function takeSelf(session: Session | null): void {
  if (session === null) keep({ state: 'stranger' })
  else if (!session.accounts) keep({ state: 'open' })
  else keep({ state: 'in', ...session })
}

let asking: Promise<void> | undefined

/** Asks the server who one is. Where it can't be reached, nothing changes. */
export function refreshSelf(): Promise<void> {
  asking ??= ask().finally(() => (asking = undefined))
  return asking
}

async function ask(): Promise<void> {
  try {
    takeSelf(await getSession())
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) takeSelf(null)
  }
}

function keep(self: Self): void {
  const text = JSON.stringify(self)
  if (text === JSON.stringify(current)) return
  current = self
  try {
    localStorage.setItem(storageKey, text)
  } catch {
    // Without storage each page asks for itself.
  }
}

/** To be called once: asks the server, and from then on hears what the other tabs were told. */
export function loadSelf(): void {
  void refreshSelf()
  addEventListener('storage', ({ key }) => {
    if (key === storageKey) current = remembered()
  })
}

function remembered(): Self {
  try {
    return readSelf(localStorage.getItem(storageKey))
  } catch {
    return { state: 'unknown' }
  }
}

/** What was stored, by whatever version; unknown where it can't be understood. */
export function readSelf(stored: string | null): Self {
  try {
    const self = JSON.parse(stored ?? 'null') as Partial<Record<string, unknown>> | null
    if (self?.['state'] === 'open' || self?.['state'] === 'stranger')
      return { state: self['state'] }
    if (
      self?.['state'] === 'in' &&
      typeof self['id'] === 'string' &&
      typeof self['name'] === 'string'
    )
      return { accounts: true, administrator: false, ...self } as Self
  } catch {
    // As if nothing were there.
  }
  return { state: 'unknown' }
}
