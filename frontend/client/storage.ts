/** What a document keeps where it outlives the tab, so that another one can go on from there. */
import Delta, { type Op } from 'quill-delta'
import type { Memory } from './machine'
import type { Kind, Limits, Origin, Role, User } from './wire'

/** Plain data throughout: it can be cloned, or written as JSON. */
export interface StoredDocument {
  readonly state: StoredState
  /** A committed content, and the deltas that lead from there to `state.rev`. */
  readonly base: StoredContent
  readonly deltas: readonly Op[][]
}

export interface StoredContent {
  readonly rev: number
  readonly content: Op[]
}

/** What is small, and changes with each edit. */
export interface StoredState {
  readonly key: string
  readonly client: string
  readonly epoch: string
  readonly rev: number
  readonly seq: number
  readonly inflight: StoredPart<'inflight'> | null
  readonly sealed: readonly StoredPart<'sealed'>[]
  readonly buffer: StoredPart<'buffer'> | null
  readonly about: About
  /** How many edits are not known to be committed. */
  readonly pending: number
}

type Parts = Omit<Memory, 'sealed'> & { sealed: Memory['sealed'][number] }
type StoredPart<Name extends 'inflight' | 'sealed' | 'buffer'> = Omit<
  NonNullable<Parts[Name]>,
  'delta'
> & { readonly op: Op[] }

/** What was last known of the document besides its content. */
export interface About {
  readonly kind: Kind
  readonly title: string
  readonly language: string
  readonly role: Role
  readonly user?: User
  readonly limits?: Limits
  /** That of the epoch, see `Welcome`. */
  readonly lineage?: readonly Origin[]
}

/** A change of what is stored: all of it takes effect, or nothing. */
export interface StorageChange {
  readonly state: StoredState
  /** Takes the place of the base, and of all deltas. */
  readonly base?: StoredContent
  /** Follow those that are stored; the first leads to revision `from`. */
  readonly deltas?: { readonly from: number; readonly ops: readonly Op[][] }
}

/**
 * Where one instance of a document is kept. No two instances share one: they
 * would send as one client, and write over each other.
 */
export interface DocumentStorage {
  /** Called once, first. Null where nothing is stored. */
  load(): Promise<StoredDocument | null>
  /**
   * Stores a change. Writing has to begin before this returns, since it is called
   * when the page is about to go, and changes take effect in the order of the calls.
   */
  save(change: StorageChange): Promise<void>
  /** Nothing will be saved any more: another instance may take this over. */
  close(): void
}

export function stored(memory: Memory): Omit<StoredState, 'key' | 'about' | 'pending'> {
  const { inflight, sealed, buffer, ...rest } = memory
  return {
    ...rest,
    inflight: inflight && withOp(inflight),
    sealed: sealed.map(withOp),
    buffer: buffer && withOp(buffer),
  }
}

export function remembered(state: StoredState): Memory {
  const { client, epoch, rev, seq, inflight, sealed, buffer } = state
  return {
    client,
    epoch,
    rev,
    seq,
    inflight: inflight && withDelta(inflight),
    sealed: sealed.map(withDelta),
    buffer: buffer && withDelta(buffer),
  }
}

function withOp<P extends { delta: Delta }>({
  delta,
  ...part
}: P): Omit<P, 'delta'> & { op: Op[] } {
  return { ...part, op: delta.ops }
}

function withDelta<P extends { op: Op[] }>({ op, ...part }: P): Omit<P, 'op'> & { delta: Delta } {
  return { ...part, delta: new Delta(op) }
}
