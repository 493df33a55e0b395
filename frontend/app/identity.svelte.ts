/** How a person shows up in the documents they open. */
export interface Identity {
  name: string
  color: string
}

/** Colours that carry white letters and stand out as a cursor on light and dark paper. */
export const palette = [
  { label: 'Orange', color: '#c2410c' },
  { label: 'Raspberry', color: '#c2255c' },
  { label: 'Plum', color: '#9c36b5' },
  { label: 'Violet', color: '#6741d9' },
  { label: 'Blue', color: '#1971c2' },
  { label: 'Teal', color: '#0b7285' },
  { label: 'Green', color: '#237a35' },
  { label: 'Ochre', color: '#8a6100' },
]

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

let current = $state.raw<Identity>(remembered() ?? invented())

/** The person at this browser. Reactive. */
export function identity(): Identity {
  return current
}

/** Changes who one is, and remembers it in this browser. */
export function setIdentity(identity: Identity): void {
  current = identity
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
    color: anyOf(palette, { label: 'Blue', color: '#1971c2' }).color,
  }
}

function anyOf<T>(items: readonly T[], fallback: T): T {
  return items[Math.floor(Math.random() * items.length)] ?? fallback
}
