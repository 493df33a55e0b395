/**
 * Stores a document as it changes, at a price that does not grow with its length:
 * the pending edits and the deltas that were committed since the last time, now and
 * then; the whole content only once many deltas have gathered.
 *
 * What is stored is always the state of one moment. A tab that dies loses what was
 * typed since then, unless the server has it: those who go on from an older state
 * find out what was sent after it (see `Machine.restore`).
 */
import type Delta from 'quill-delta'
import type { Op } from 'quill-delta'
import type { Environment } from './environment'
import type {
  DocumentStorage,
  StorageChange,
  StoredContent,
  StoredDocument,
  StoredState,
} from './storage'

// In milliseconds: the first is the most that a person can lose.
const storeWithin = 300
const storeIdlyWithin = 2_000
/** After a failure all is written anew, which is not done lightly. */
const retryWithin = 20_000
/** A storage that does not answer must not keep the document from opening. */
const loadWithin = 3_000

/** Few enough to be composed quickly when the document is opened. */
const mostDeltas = 500

export interface Keepsake {
  state(): StoredState | null
  content(): StoredContent
}

export class Keeper {
  readonly #storage: DocumentStorage
  readonly #source: Keepsake
  readonly #environment: Environment
  readonly #settled: () => void
  #timer: unknown = null
  #dueAt = Infinity
  /** Deltas that were committed since the last save, the first leading to `#from`. */
  #deltas: Op[][] = []
  #from = 0
  #storedDeltas = 0
  #needsBase = true
  #isDirty = false
  #saves = 0
  #hasFailed = false
  #isClosed = false
  #waiting: (() => void)[] = []
  readonly #forgetHide: () => void

  constructor(
    storage: DocumentStorage,
    source: Keepsake,
    environment: Environment,
    settled: () => void,
  ) {
    this.#storage = storage
    this.#source = source
    this.#environment = environment
    this.#settled = settled
    this.#forgetHide = environment.onHide(() => this.flush())
  }

  /** Whether the end of the tab would cost nothing of what is pending now. */
  get isCurrent(): boolean {
    return !this.#isDirty && this.#saves === 0 && !this.#hasFailed
  }

  get hasFailed(): boolean {
    return this.#hasFailed
  }

  async load(): Promise<StoredDocument | null> {
    let timer: unknown
    const tooLate = new Promise<never>((_, reject) => {
      timer = this.#environment.setTimeout(
        () => reject(new Error('the storage does not answer')),
        loadWithin,
      )
    })
    try {
      const found = await Promise.race([this.#storage.load(), tooLate])
      if (found && found.base.rev + found.deltas.length !== found.state.rev) {
        throw new Error('what is stored does not fit together')
      }
      this.#needsBase = !found
      this.#storedDeltas = found?.deltas.length ?? 0
      return found
    } catch (error) {
      this.#failed(error)
      return null
    } finally {
      this.#environment.clearTimeout(timer)
    }
  }

  /** To be called when records were passed, the last of them being `rev`. */
  passed(deltas: readonly Delta[], rev: number): void {
    if (deltas.length === 0) return
    if (this.#deltas.length === 0) this.#from = rev - deltas.length + 1
    this.#deltas.push(...deltas.map(({ ops }) => ops))
    this.changed(storeIdlyWithin)
  }

  /** To be called when the content came whole. */
  replaced(): void {
    this.#needsBase = true
    this.changed()
  }

  /** To be called when what is pending has changed. */
  changed(within = storeWithin): void {
    if (this.#isClosed) return
    this.#isDirty = true
    if (this.#hasFailed) within = retryWithin
    const at = this.#environment.now() + within
    if (at >= this.#dueAt) return
    this.#environment.clearTimeout(this.#timer)
    this.#dueAt = at
    this.#timer = this.#environment.setTimeout(() => this.flush(), within)
  }

  /** Stores what is to be stored, now. */
  flush(): void {
    this.#environment.clearTimeout(this.#timer)
    this.#dueAt = Infinity
    if (!this.#isDirty || this.#isClosed) return
    const change = this.#change()
    if (!change) return
    this.#isDirty = false
    this.#saves++
    this.#storage.save(change).then(
      () => this.#saved(),
      (error: unknown) => this.#failed(error, change),
    )
  }

  /** Calls back once everything is stored: at once where it is, or where nothing can be. */
  whenStored(callback: () => void): void {
    this.flush()
    if (this.#saves === 0) callback()
    else this.#waiting.push(callback)
  }

  close(): void {
    this.flush()
    this.#isClosed = true
    this.#forgetHide()
    this.whenStored(() => this.#storage.close())
  }

  #change(): StorageChange | null {
    const state = this.#source.state()
    if (!state) return null
    const ops = this.#deltas
    const from = this.#from
    this.#deltas = []
    this.#storedDeltas += ops.length
    if (this.#needsBase || this.#storedDeltas > mostDeltas) {
      this.#needsBase = false
      this.#storedDeltas = 0
      return { state, base: this.#source.content() }
    }
    return ops.length > 0 ? { state, deltas: { from, ops } } : { state }
  }

  #saved(): void {
    this.#hasFailed = false
    this.#done()
  }

  /** Without storage (full, blocked, gone) the document goes on; it says that it is kept nowhere. */
  #failed(error: unknown, change?: StorageChange): void {
    console.error('tutti: the document could not be stored', error)
    this.#hasFailed = true
    this.#needsBase = true
    if (change) this.#done()
  }

  #done(): void {
    this.#saves--
    if (this.#saves > 0) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const callback of waiting) callback()
    this.#settled()
  }
}
