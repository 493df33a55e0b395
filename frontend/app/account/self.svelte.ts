/** Who is at this browser, as the server says: the same in all of its tabs. */
import { ApiError } from '#client'
import { getSession, type Session } from '#client/rest/session'

export type Self =
  /** Nobody has said yet. */
  | { readonly state: 'unknown' }
  /** The server has no accounts. */
  | { readonly state: 'open' }
  /** Somebody who has to sign in; `left` after somebody has signed out. */
  | { readonly state: 'stranger'; readonly left?: boolean }
  /** Somebody with an account; or, without `login`, a guest who came by a link. */
  | ({ readonly state: 'in' } & Session)

const storageKey = 'tutti.self'

// What was said the last time holds until the server is heard, or while it can't be.
let current = $state.raw<Self>(remembered())
/** Whose the content of this page is, null as long as it is nobody's. */
let owner = ownerOf(current)

/** Reactive. */
export function self(): Self {
  return current
}

/** Whether people log in here, as far as is known. Reactive. */
export function hasAccounts(): boolean {
  return current.state === 'stranger' || current.state === 'in'
}

/** Whether this is somebody with an account, not a guest. Reactive. */
export function hasAccount(): boolean {
  return current.state === 'in' && current.login !== undefined
}

/** Whether this person may make documents, as far as is known: guests by a link may not. Reactive. */
export function mayCreate(): boolean {
  return current.state !== 'stranger' && (current.state !== 'in' || current.login !== undefined)
}

/** Whether this person runs the server, as far as is known: without accounts everybody does. Reactive. */
export function administers(): boolean {
  return current.state === 'open' || (current.state === 'in' && current.administrator)
}

/** Whose what is kept in this browser is; empty where the server has no accounts. */
export async function keeper(): Promise<string> {
  if (current.state === 'unknown') await refreshSelf()
  return keeperNow()
}

/** As `keeper`, as far as is known. Reactive. */
export function keeperNow(): string {
  return ownerOf(current) ?? (current.state === 'stranger' ? 'stranger' : '')
}

function ownerOf(self: Self): string | null {
  switch (self.state) {
    case 'open':
      return ''
    case 'in':
      // The ids of guests change from link to link.
      return self.id.startsWith('guest:') ? 'guest' : self.id
    default:
      return null
  }
}

/** Takes what the server answered about oneself. */
export function takeSelf(session: Session | null): void {
  if (session === null) {
    if (current.state !== 'stranger') take({ state: 'stranger' })
  } else {
    take(session.accounts ? { ...session, state: 'in' } : { state: 'open' })
  }
}

/** Says that the person has signed out. */
export function takeLeave(): void {
  take({ state: 'stranger', left: true })
}

let asking: Promise<void> | undefined

/** Asks the server who one is. Where it can't be reached, nothing changes. */
export function refreshSelf(): Promise<void> {
  asking ??= ask().finally(() => (asking = undefined))
  return asking
}

async function ask(): Promise<void> {
  const before = current
  const said = await getSession().catch((error: unknown) =>
    error instanceof ApiError && error.status === 401 ? null : undefined,
  )
  // Whoever signed in, or changed, while the answer was under way knows better.
  if (said !== undefined && current === before) takeSelf(said)
}

function take(self: Self): void {
  const text = JSON.stringify(self)
  if (text === JSON.stringify(current)) return
  try {
    if (!alone) localStorage.setItem(storageKey, text)
  } catch {
    // Without storage each page asks for itself.
  }
  become(self)
}

/**
 * What the page shows and holds is of one person: for another it is made anew.
 * Whose log-in has merely ended finds it as it was.
 */
function become(self: Self): void {
  current = self
  const next = self.state === 'stranger' && self.left ? 'nobody' : ownerOf(self)
  if (next === null) return
  const before = owner
  owner = next
  if (before !== null && before !== next && !isGuestOf(before, next)) location.reload()
}

/** A guest who signs in takes along what they began with. */
function isGuestOf(before: string, next: string): boolean {
  return before === 'guest' && next !== 'nobody'
}

let alone = false

/**
 * To be called once: asks the server, and from then on hears what the other tabs were told,
 * unless the page is `alone`: somebody by itself.
 */
export function loadSelf(options: { alone: boolean }): void {
  alone = options.alone
  if (alone) owner = ownerOf((current = { state: 'unknown' }))
  void refreshSelf()
  if (alone) return
  addEventListener('storage', ({ key }) => {
    if (key === storageKey) become(remembered())
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
    const { state, id, name, left } = self ?? {}
    if (state === 'open') return { state }
    if (state === 'stranger') return { state, ...(left === true && { left }) }
    if (state === 'in' && typeof id === 'string' && typeof name === 'string')
      return { accounts: true, administrator: false, ...self } as Self
  } catch {
    // As if nothing were there.
  }
  return { state: 'unknown' }
}
