import type Delta from 'quill-delta'
import { moveCursor } from './delta'
import type { Environment } from './environment'
import type { Machine, Step } from './machine'
import type { Cursor, Person, PresenceChange } from './wire'

/** The other sessions, their cursors kept at the server's revision as records come in. */
export class People {
  #bySession = new Map<string, Person>()

  /** As the person here sees them: cursors carried over what is pending. */
  visible(machine: Machine): readonly Person[] {
    return [...this.#bySession.values()].map((person) => ({
      ...person,
      cursor: person.cursor && {
        anchor: machine.toVisible(person.cursor.anchor),
        head: machine.toVisible(person.cursor.head),
      },
    }))
  }

  reset(people: readonly Person[]): void {
    this.#bySession = new Map(people.map((person) => [person.session, person]))
  }

  update(changes: readonly PresenceChange[]): void {
    for (const change of changes) {
      if ('gone' in change) this.#bySession.delete(change.session)
      else this.#bySession.set(change.session, change)
    }
  }

  /** Moves all cursors by committed deltas. Returns whether any moved. */
  move(steps: readonly Step[]): boolean {
    let moved = false
    for (const person of this.#bySession.values()) {
      const cursor = moveBy(person.cursor, person.client, steps)
      if (cursor === person.cursor) continue
      this.#bySession.set(person.session, { ...person, cursor })
      moved = true
    }
    return moved
  }
}

const sendEvery = 80

/**
 * The person's own cursor on its way to the others. It goes out only while
 * nothing is unacknowledged, since only then do we know its place at a revision;
 * and only where the server, which moves it by every record as we do here, does
 * not have it in the right place already.
 */
export class OwnCursor {
  readonly #environment: Environment
  readonly #send: (cursor: Cursor | null) => boolean
  #wanted: Cursor | null = null
  #known: Cursor | null = null
  #timer: unknown = null

  /** `send` answers whether the cursor could be sent now; else `flush` is called once it can. */
  constructor(send: (cursor: Cursor | null) => boolean, environment: Environment) {
    this.#send = send
    this.#environment = environment
  }

  set(cursor: Cursor | null): void {
    this.#wanted = cursor
    this.flush()
  }

  /** Moves it by a change of what the person sees, who made it or not. */
  moveWanted(change: Delta, isAuthor: boolean): void {
    this.#wanted &&= moveCursor(this.#wanted, change, isAuthor)
  }

  /** Moves what the server knows of it by committed deltas. */
  moveKnown(client: string, steps: readonly Step[]): void {
    this.#known = moveBy(this.#known, client, steps)
  }

  /** To be called for a new session, which the server knows no cursor of. */
  forget(): void {
    this.#known = null
  }

  flush(): void {
    if (this.#timer !== null || isSame(this.#wanted, this.#known)) return
    if (!this.#send(this.#wanted)) return
    this.#known = this.#wanted
    this.#timer = this.#environment.setTimeout(() => {
      this.#timer = null
      this.flush()
    }, sendEvery)
  }
}

function moveBy(cursor: Cursor | null, client: string, steps: readonly Step[]): Cursor | null {
  if (!cursor) return null
  return steps.reduce((at, step) => moveCursor(at, step.delta, step.client === client), cursor)
}

function isSame(a: Cursor | null, b: Cursor | null): boolean {
  return a?.anchor === b?.anchor && a?.head === b?.head
}
