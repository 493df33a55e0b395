import type { DocumentStorage, StorageChange, StoredDocument } from '../storage'
import type { Clock } from './clock'
import type { Random } from './random'

/** One stored document, whose writes take their time, as a disk's do. */
export class Shelf {
  /** As text, so that nobody shares an object with what is stored. */
  #stored: string | null = null
  readonly #clock: Clock
  readonly #random: Random
  #owner: symbol | null = null
  isBroken = false
  saves = 0
  bytes = 0

  constructor(clock: Clock, random: Random) {
    this.#clock = clock
    this.#random = random
  }

  get stored(): StoredDocument | null {
    return this.#stored === null ? null : (JSON.parse(this.#stored) as StoredDocument)
  }

  /** The tab that has it dies, with what it has not written yet. */
  abandon(): void {
    this.#owner = null
  }

  storage(): DocumentStorage {
    const owner = Symbol()
    this.#owner = owner
    let writtenAt = 0
    return {
      load: () => Promise.resolve(this.stored),
      close: () => undefined,
      save: (change) => {
        this.saves++
        this.bytes += JSON.stringify(change).length
        if (this.isBroken) return Promise.reject(new Error('the disk is full'))
        const at = Math.max(writtenAt, this.#clock.now() + this.#random.below(50))
        writtenAt = at
        return new Promise((resolve) => {
          this.#clock.setTimeout(() => {
            if (this.#owner !== owner) return
            this.#write(change)
            resolve()
          }, at - this.#clock.now())
        })
      },
    }
  }

  #write({ state, base, deltas }: StorageChange): void {
    const { stored } = this
    const before = stored?.deltas ?? []
    const kept = base ?? stored?.base
    if (!kept) throw new Error('deltas without a base')
    const all = base ? [] : [...before, ...(deltas?.ops ?? [])]
    if (deltas && deltas.from !== kept.rev + before.length + 1) throw new Error('a gap')
    this.#stored = JSON.stringify({ state, base: kept, deltas: all })
  }
}
