/** What a client has written that is not known to be committed. */
import Delta from 'quill-delta'
import { composeAll, cross } from './delta'

export interface Part {
  readonly delta: Delta
  /** How many calls of `submit` it holds. */
  readonly edits: number
}

/**
 * Set on what was restored. The tab that it comes from may have sent it since, whole,
 * under a number above `sealedAt`; then that delta, where it is committed, decides about it.
 */
interface Restored {
  readonly sealedAt?: number
}

export interface Inflight extends Part, Restored {
  readonly client: string
  readonly seq: number
}

export type Sealed = Part & Required<Restored>

/** Parts of what the person sees, each on top of the one before it. */
export interface Pending {
  readonly inflight: Inflight | null
  readonly sealed: readonly Sealed[]
  readonly buffer: Part | null
  /** The sequence number of an empty delta on its way, see `Machine.outgoing`. */
  readonly barrier: number | null
}

export const nothing: Pending = { inflight: null, sealed: [], buffer: null, barrier: null }

export function partsOf({ inflight, sealed, buffer }: Pending): readonly Part[] {
  return [inflight, ...sealed, buffer].filter((part) => part !== null)
}

export function editsIn(pending: Pending): number {
  return partsOf(pending).reduce((sum, { edits }) => sum + edits, 0)
}

export function isEmpty(pending: Pending): boolean {
  return partsOf(pending).length === 0
}

/** Parts in their order, as one. */
export function join(parts: readonly Part[]): Part | null {
  if (parts.length === 0) return null
  return {
    delta: composeAll(parts.map(({ delta }) => delta)),
    edits: parts.reduce((sum, { edits }) => sum + edits, 0),
  }
}

/** All of it put in the buffer, where it was found out that none of it is committed. */
export function recalled(pending: Pending): Pending {
  return { ...nothing, buffer: join(partsOf(pending)) }
}

export function isSealedBelow({ sealedAt }: Restored, seq: number): boolean {
  return sealedAt !== undefined && sealedAt < seq
}

/** Opens what was restored, where nothing above `seq` is committed that could have held it. */
export function unsealed({ inflight, sealed, buffer, barrier }: Pending, seq: number): Pending {
  const known = sealed.filter((part) => !isSealedBelow(part, seq))
  return {
    barrier,
    inflight: inflight && !isSealedBelow(inflight, seq) ? opened(inflight) : inflight,
    sealed: sealed.filter((part) => isSealedBelow(part, seq)),
    buffer: join(buffer ? [...known, buffer] : known),
  }
}

function opened({ delta, edits, client, seq }: Inflight): Inflight {
  return { delta, edits, client, seq }
}

/**
 * Parts what is decided where this client's delta `seq` is committed from what is
 * still open: a client sends one delta at a time, and with it all that it has.
 */
export function decidedBy(
  seq: number,
  pending: Pending,
  client?: string,
): { decided: Delta; open: Pending } {
  const { inflight, sealed } = pending
  const decidesInflight =
    inflight !== null &&
    (isSealedBelow(inflight, seq) || (inflight.client === client && inflight.seq <= seq))
  const decided = [
    ...(decidesInflight ? [inflight] : []),
    ...sealed.filter((part) => isSealedBelow(part, seq)),
  ]
  const open = {
    ...pending,
    inflight: decidesInflight ? null : inflight,
    sealed: sealed.filter((part) => !isSealedBelow(part, seq)),
  }
  return { decided: join(decided)?.delta ?? new Delta(), open }
}

/** Carries a change of the committed content over what is pending, and that over it. */
export function carry(pending: Pending, change: Delta): { pending: Pending; visible: Delta } {
  let visible = change
  const over = <P extends Part>(part: P): P => {
    const { ours, theirs } = cross(part.delta, visible)
    visible = theirs
    return { ...part, delta: ours }
  }
  const inflight = pending.inflight && over(pending.inflight)
  const sealed = pending.sealed.map(over)
  const buffer = pending.buffer && over(pending.buffer)
  return { pending: { ...pending, inflight, sealed, buffer }, visible }
}
