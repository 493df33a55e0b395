/** The others' carets and selections in a Quill editor, drawn by quill-cursors. */
import type Delta from 'quill-delta'
import type { Person } from './wire'

/** What is used of quill-cursors, which the SDK does not bring along. */
export interface CursorsModule {
  createCursor(id: string, name: string, color: string): unknown
  moveCursor(id: string, range: { index: number; length: number }): void
  removeCursor(id: string): void
  toggleFlag(id: string, shouldShow?: boolean): void
}

interface Caret {
  readonly name: string
  readonly color: string
  readonly start: number
  readonly end: number
}

/** How long a name stays after its person went somewhere. */
const nameShownFor = 2_000

export class Carets {
  readonly #module: CursorsModule
  readonly #flags = new Map<string, ReturnType<typeof setTimeout>>()
  #carets = new Map<string, Caret>()
  #frame: number | undefined

  constructor(module: CursorsModule) {
    this.#module = module
  }

  show(people: readonly Person[]): void {
    const before = this.#carets
    this.#carets = new Map()
    for (const { session, name, color, cursor } of people) {
      if (!cursor) continue
      const start = Math.min(cursor.anchor, cursor.head)
      const end = Math.max(cursor.anchor, cursor.head)
      const known = before.get(session)
      if (known && (known.name !== name || known.color !== color)) this.#remove(session)
      this.#carets.set(session, { name, color, start, end })
      this.#module.createCursor(session, name, color)
      if (known?.start !== start || known.end !== end) this.#showName(session)
    }
    for (const session of before.keys()) if (!this.#carets.has(session)) this.#remove(session)
    this.#draw()
  }

  /** Moves all with the text: what is inserted at a caret goes behind it. */
  move(change: Delta): void {
    if (this.#carets.size === 0) return
    for (const [session, caret] of this.#carets) {
      const start = change.transformPosition(caret.start, true)
      const end = change.transformPosition(caret.end, true)
      this.#carets.set(session, { ...caret, start, end })
    }
    this.#draw()
  }

  destroy(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    for (const session of this.#carets.keys()) this.#remove(session)
    this.#carets.clear()
  }

  /** Once a frame at most: to place a caret the browser has to lay the text out. */
  #draw(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined
      for (const [session, { start, end }] of this.#carets) {
        this.#module.moveCursor(session, { index: start, length: end - start })
      }
    })
  }

  #showName(session: string): void {
    clearTimeout(this.#flags.get(session))
    this.#module.toggleFlag(session, true)
    const hide = setTimeout(() => this.#module.toggleFlag(session, false), nameShownFor)
    this.#flags.set(session, hide)
  }

  #remove(session: string): void {
    clearTimeout(this.#flags.get(session))
    this.#flags.delete(session)
    this.#module.removeCursor(session)
  }
}
