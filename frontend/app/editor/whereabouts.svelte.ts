import type { Person } from '#client'

/** An editor on the page, as far as going to people in its text is concerned. */
export interface Place {
  /** What is scrolled and typed in. */
  readonly dom: HTMLElement
  /**
   * Brings a person's caret into sight, without moving one's own. With `smooth`
   * it glides there, where the browser's person likes motion.
   */
  reveal(person: Person, smooth: boolean): void
}

/** What somebody does who wants to look elsewhere than where the followed person is. */
const ownMoves = ['keydown', 'beforeinput', 'wheel', 'touchmove', 'pointerdown'] as const

/** Keys that move nothing: to copy is not to leave. */
const stillKeys = new Set(['Shift', 'Control', 'Alt', 'Meta', 'CapsLock', 'AltGraph'])

/**
 * Where the others are in a document, and the way there. The editor on the page
 * provides itself as a `Place`; what lists people jumps to them and follows them.
 */
export class Whereabouts {
  #people: () => readonly Person[]
  #place = $state.raw<Place>()
  #followed = $state<string>()

  /** `people` is read reactively. */
  constructor(people: () => readonly Person[]) {
    this.#people = people
  }

  /** The person whom the view follows. Reactive. */
  get following(): Person | undefined {
    return this.#find(this.#followed)
  }

  /** For editors: says that this one is on the page, until the function that it returns is called. */
  provide(place: Place): () => void {
    this.#place = place
    const leave = (event: Event) => {
      if (event instanceof KeyboardEvent && stillKeys.has(event.key)) return
      this.unfollow()
    }
    const options = { capture: true, passive: true }
    for (const move of ownMoves) place.dom.addEventListener(move, leave, options)
    return () => {
      for (const move of ownMoves) place.dom.removeEventListener(move, leave, options)
      if (this.#place === place) this.#place = undefined
    }
  }

  /** Shows once where a person is. Answers whether they are anywhere in the text. */
  jumpTo(session: string): boolean {
    const person = this.#find(session)
    if (!person?.cursor || !this.#place) return false
    this.unfollow()
    this.#place.reveal(person, true)
    return true
  }

  /** Keeps a person's caret in sight until one moves or types oneself. */
  follow(session: string): void {
    this.#followed = session
  }

  unfollow(): void {
    this.#followed = undefined
  }

  /** To be run in an effect: goes after the followed person. */
  keepUp(): void {
    const person = this.following
    if (!person) this.unfollow()
    else if (person.cursor) this.#place?.reveal(person, false)
  }

  #find(session: string | undefined): Person | undefined {
    return session === undefined
      ? undefined
      : this.#people().find((person) => person.session === session)
  }
}
