import { changeSelf } from '#client/rest/session'
import { hasAccount, self, takeSelf } from './account/self.svelte'

/** How a person shows up in the documents they open. */
export interface Identity {
  name: string
  color: string
}

/** Colours that carry white letters and stand out as a cursor on light and dark paper. */
export const palette = [
  { id: 'orange', color: '#c2410c' },
  { id: 'raspberry', color: '#c2255c' },
  { id: 'plum', color: '#9c36b5' },
  { id: 'violet', color: '#6741d9' },
  { id: 'blue', color: '#1971c2' },
  { id: 'teal', color: '#0b7285' },
  { id: 'green', color: '#237a35' },
  { id: 'ochre', color: '#8a6100' },
] as const

/** As many letters as the server takes in a name. */
export const maxNameLength = 64

/** Names for people who have not given one yet: who plays together has an instrument. */
const instruments = [
  'Bassoon',
  'Cello',
  'Clarinet',
  'Flute',
  'Harp',
  'Horn',
  'Lute',
  'Oboe',
  'Viola',
]

const storageKey = 'tutti.identity'

let named = remembered() !== undefined
let current = $state.raw<Identity>(remembered() ?? invented())

/** The person at this browser: as their account has it, where they have one. Reactive. */
export function identity(): Identity {
  const me = self()
  return hasAccount() && me.state === 'in' ? { ...current, ...shownAs(me) } : current
}

/** Whether they have said who they are, now or before. */
export function isNamed(): boolean {
  return named
}

function shownAs({ name, color }: Partial<Identity> & { name: string }): Partial<Identity> {
  return { name, ...(color && { color }) }
}

/** Changes who one is, in the account or else in this browser. Throws an ApiError. */
export async function setIdentity(identity: Identity): Promise<void> {
  if (hasAccount()) {
    takeSelf(await changeSelf(identity))
    return
  }
  current = identity
  named = true
  try {
    localStorage.setItem(storageKey, JSON.stringify(identity))
  } catch {
    // Without storage (private windows, blocked cookies) it holds until the page is closed.
  }
}

function remembered(): Identity | undefined {
  try {
    return readIdentity(localStorage.getItem(storageKey))
  } catch {
    return undefined
  }
}

/** The identity in a stored value; undefined where it is none. */
export function readIdentity(stored: string | null): Identity | undefined {
  if (stored === null) return undefined
  try {
    const { name, color } = JSON.parse(stored) as Partial<Record<string, unknown>>
    const valid =
      typeof name === 'string' &&
      name.length > 0 &&
      name.length <= maxNameLength &&
      !/\p{Cc}/u.test(name) &&
      typeof color === 'string' &&
      /^#[0-9a-f]{6}$/i.test(color)
    return valid ? { name, color } : undefined
  } catch {
    return undefined
  }
}

function invented(): Identity {
  return {
    name: anyOf(instruments, 'Guest'),
    color: anyOf<Identity['color']>(
      palette.map(({ color }) => color),
      '#1971c2',
    ),
  }
}

function anyOf<T>(items: readonly T[], fallback: T): T {
  return items[Math.floor(Math.random() * items.length)] ?? fallback
}
