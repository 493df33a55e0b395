/** Colours and names of those who wrote a document. */
import type { Person, RevisionGroup, User } from '#client'
import { palette } from '../identity.svelte'

/** As whom programs write that do not say who they are. */
const program = 'guest:program'

/** What a person is called here; `guest` is what one without a name is called. */
export function nameOf({ id, name }: User, guest: string): string {
  return id === program || name === '' || name === id ? guest : name
}

/**
 * Who is one person to a reader: a guest is somebody new to the server with each
 * tab, so the name is all that holds them together.
 */
export function personKey({ id, name }: User): string {
  return id.startsWith('guest:') && id !== program ? `guest:${name}` : id
}

/** The newest session of each author, in a history that is newest first. */
export function lastSessions(groups: readonly RevisionGroup[]): RevisionGroup[] {
  const seen = new Set<string>()
  return groups.filter(({ user }) => !seen.has(user.id) && seen.add(user.id))
}

/** Gives each author a colour that stays, and no two the same while there are enough. */
export class Authors {
  readonly #colours = new Map<string, string>()
  readonly #live = new Map<string, string>()

  /** The colours that people have chosen and show now are theirs in the history, too. */
  see(people: readonly Pick<Person, 'user' | 'color'>[]): void {
    for (const { user, color } of people) this.#live.set(personKey(user), color)
  }

  colourOf(user: User): string {
    const key = personKey(user)
    const known = this.#live.get(key) ?? this.#colours.get(key)
    if (known !== undefined) return known
    const taken = new Set([...this.#colours.values(), ...this.#live.values()])
    const start = hash(key)
    const colours = palette.map((_, i) => palette[(start + i) % palette.length]?.color ?? '')
    const colour = colours.find((colour) => !taken.has(colour)) ?? colours[0] ?? ''
    this.#colours.set(key, colour)
    return colour
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0
  }
  return value
}
