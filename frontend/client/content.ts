import Delta from 'quill-delta'
import { composeAll } from './delta'

/** A change of a content that nobody has read since. */
interface Unread {
  readonly before: Content
  readonly change: Delta
  /** How many changes in a row have not been read. */
  readonly depth: number
}

/** Few enough for the next read to be quick. */
const mostUnread = 500

/**
 * A content as a value, composed only when it is read: composing takes time in
 * proportion to the length, which is too much for every keystroke in a large
 * document.
 */
export class Content {
  /** In UTF-16 units. */
  readonly length: number
  #source: Delta | Unread

  private constructor(source: Delta | Unread, length: number) {
    this.#source = source
    this.length = length
  }

  static of(delta: Delta): Content {
    return new Content(delta, delta.length())
  }

  get delta(): Delta {
    const changes: Delta[] = []
    let source = this.#source
    while (!(source instanceof Delta)) {
      changes.push(source.change)
      source = source.before.#source
    }
    if (changes.length > 0) this.#source = source.compose(composeAll(changes.reverse()))
    return this.#source as Delta
  }

  /** The content after a change. */
  compose(change: Delta): Content {
    let depth = this.#source instanceof Delta ? 1 : this.#source.depth + 1
    if (depth > mostUnread) {
      this.#source = this.delta
      depth = 1
    }
    return new Content({ before: this, change, depth }, this.length + change.changeLength())
  }
}
