/**
 * The client's half of the collaboration protocol, as a pure state machine: no
 * sockets, no timers, no DOM. It holds the content the server has committed, one
 * delta in flight, and a buffer of what was edited since:
 *
 *     content (what the person sees) = committed ∘ in flight ∘ buffer
 *
 * The delta in flight is frozen until its record comes back: it is transformed
 * over what others committed before it, as the server does, but never composed
 * with later edits, so that it can be sent again with the same sequence number.
 */
import Delta from 'quill-delta'
import { Content } from './content'
import { baseLength, composeAll, difference, hasLoneSurrogate, isSameEdit, split } from './delta'
import {
  carry,
  decidedBy,
  editsIn,
  isEmpty,
  isSealedBelow,
  join,
  nothing,
  partsOf,
  recalled,
  unsealed,
  type Inflight,
  type Part,
  type Sealed,
} from './pending'
import type { Committed, OpFrame } from './wire'

/** A record as it moves cursors: the delta at the server, and whose it was. */
export interface Step {
  readonly client: string
  readonly delta: Delta
}

export interface Received {
  /** One for each revision that was passed. */
  readonly steps: readonly Step[]
  /** What all records together change in what the person sees. */
  readonly visible: Delta
  /** How many deltas of this client they acknowledge. */
  readonly acknowledged: number
}

/** Where the server is, and as whom it knows this client. */
export interface Position {
  readonly client: string
  /** This client's highest committed sequence number. */
  readonly seq: number
  readonly epoch: string
  readonly rev: number
}

/** All that a machine has to remember besides the committed content, to go on in another tab. */
export interface Memory {
  readonly client: string
  readonly epoch: string
  readonly rev: number
  /** No delta of this client had a higher number when this was remembered. */
  readonly seq: number
  readonly inflight: Inflight | null
  readonly sealed: readonly Sealed[]
  readonly buffer: Part | null
}

/** The stream of records cannot be continued: only the whole content helps. */
export class OutOfStep extends Error {}

export class Machine {
  #client = ''
  #epoch: string | null = null
  #rev = 0
  #lastSeq = 0
  #committed = Content.of(new Delta())
  #content = this.#committed
  #pending = nothing
  /** The number of an own delta, ahead in the stream, that decides about restored parts. */
  #decidedAt: number | null = null

  /** The history that `rev` counts in; null before the first content. */
  get epoch(): string | null {
    return this.#epoch
  }

  get rev(): number {
    return this.#rev
  }

  /** What the person sees. */
  get content(): Delta {
    return this.#content.delta
  }

  /** The length of `content`, which takes no reading of it. */
  get length(): number {
    return this.#content.length
  }

  /** The number of local edits that are not acknowledged yet. */
  get pending(): number {
    return editsIn(this.#pending)
  }

  /** Whether the server has all that the person sees. */
  get isSynchronized(): boolean {
    return isEmpty(this.#pending) && this.#pending.barrier === null
  }

  /** Whether restored parts may turn out to be committed: nothing is sent before that is known. */
  get isUndecided(): boolean {
    return this.#decidedAt !== null
  }

  /** Whether what is in flight is only the beginning of an edit that was split. */
  get isInParts(): boolean {
    return this.#pending.inflight?.edits === 0
  }

  /** The content at `rev`. */
  get committed(): Delta {
    return this.#committed.delta
  }

  /** What `restore` needs; null before the first content. */
  get memory(): Memory | null {
    if (this.#epoch === null) return null
    const { inflight, sealed, buffer } = this.#pending
    return {
      client: this.#client,
      epoch: this.#epoch,
      rev: this.#rev,
      seq: this.#lastSeq,
      inflight,
      sealed,
      buffer,
    }
  }

  /** All that is not acknowledged, as one delta on the committed content. */
  get unacknowledged(): Delta {
    return join(partsOf(this.#pending))?.delta ?? new Delta()
  }

  /** A position at the server's revision, as the person sees it. */
  toVisible(position: number): number {
    return partsOf(this.#pending).reduce(
      (at, { delta }) => delta.transformPosition(at, true),
      position,
    )
  }

  /**
   * Takes an edit that the person's editor has already applied.
   * Throws, and changes nothing, where the delta does not fit the content.
   */
  submit(delta: Delta): void {
    if (this.#epoch === null) throw new Error('tutti: the document is not loaded yet')
    if (baseLength(delta) > this.length) {
      throw new RangeError('tutti: the delta reaches beyond the end of the document')
    }
    if (hasLoneSurrogate(delta)) throw new RangeError('tutti: the delta holds half a character')
    if (delta.ops.length === 0) return
    const { buffer } = this.#pending
    this.#content = this.#content.compose(delta)
    this.#pending = {
      ...this.#pending,
      buffer: {
        delta: buffer ? buffer.delta.compose(delta) : delta,
        edits: (buffer?.edits ?? 0) + 1,
      },
    }
  }

  /**
   * Puts the buffer in flight, or as much of it as fits in `budget` bytes of
   * JSON. Returns whether there is something new to send.
   */
  flush(budget = Infinity): boolean {
    const { inflight, sealed, buffer, barrier } = this.#pending
    if (inflight || sealed.length > 0 || barrier !== null || !buffer) return false
    const [delta, rest] = split(buffer.delta, budget)
    this.#pending = {
      ...nothing,
      // An edit in several parts counts as pending until the last one is through.
      inflight: {
        delta,
        edits: rest ? 0 : buffer.edits,
        client: this.#client,
        seq: ++this.#lastSeq,
      },
      buffer: rest && { delta: rest, edits: buffer.edits },
    }
    return true
  }

  /**
   * The frame to send now, or again after a reconnect.
   *
   * What is in flight under a former client id (its key was taken over) has been
   * decided, but its record may still be ahead of us. An empty delta goes first:
   * when that one comes back, all records before it have been seen.
   */
  outgoing(): OpFrame | null {
    if (this.isUndecided) return null
    const { inflight, barrier } = this.#pending
    if (barrier === null && inflight?.client === this.#client) {
      return { t: 'op', seq: inflight.seq, rev: this.#rev, op: inflight.delta.ops }
    }
    if (barrier === null && !inflight) return null
    const seq = barrier ?? ++this.#lastSeq
    this.#pending = { ...this.#pending, barrier: seq }
    return { t: 'op', seq, rev: this.#rev, op: [] }
  }

  /**
   * Goes on where another tab was when it stored this, which may have been a while
   * before it died: it may have sent more since. What it had in flight is recognised
   * by its number, as ever. Its buffer is sealed: it was sent, whole, with the next
   * delta of that client, if one is committed (the next that is not empty: a barrier
   * holds nothing). For that to be so the tab stores its state before it sends a part
   * of its buffer, sends as another client, or sends anything after it was restored.
   *
   * Numbers go on above `seq`, since one that was given to a delta is never given to
   * another, not even where nobody has seen it.
   */
  restore(memory: Memory, committed: Delta, above: number): void {
    const { client, epoch, rev, seq, inflight, sealed, buffer } = memory
    this.#client = client
    this.#epoch = epoch
    this.#rev = rev
    this.#lastSeq = Math.max(seq, above)
    this.#pending = {
      ...nothing,
      inflight: inflight && { sealedAt: seq, ...inflight },
      sealed: buffer ? [...sealed, { ...buffer, sealedAt: seq }] : sealed,
    }
    this.#committed = Content.of(committed)
    this.#content = this.#committed.compose(this.unacknowledged)
  }

  /** Goes on from the own revision, in a new session. */
  resume({ client, seq, epoch }: Position): void {
    if (epoch !== this.#epoch) throw new OutOfStep('another epoch')
    if (client !== this.#client) this.#pending = { ...this.#pending, barrier: null }
    this.#client = client
    this.#lastSeq = Math.max(this.#lastSeq, seq)
    this.#pending = unsealed(this.#pending, seq)
    const { inflight, sealed } = this.#pending
    const isDecided = sealed.length === 0 && !(inflight && isSealedBelow(inflight, seq))
    this.#decidedAt = isDecided ? null : seq
  }

  /**
   * Takes the whole content from the server, at the start or where the stream
   * could not be continued. Returns what that changes in what the person sees.
   */
  adopt(content: Delta, { client, seq, epoch, rev }: Position): Delta {
    const { decided, open } = decidedBy(seq, { ...this.#pending, barrier: null }, client)
    const known = this.#committed.delta.compose(decided)
    const isOthers = open.inflight !== null && open.inflight.client !== client
    const rest = isOthers ? recalled(open) : unsealed(open, seq)
    const { pending, visible } = carry(rest, difference(known, content))
    this.#decidedAt = null
    this.#lastSeq = Math.max(this.#lastSeq, seq)
    this.#client = client
    this.#epoch = epoch
    this.#rev = rev
    this.#pending = pending
    this.#committed = Content.of(content)
    this.#content = this.#committed.compose(this.unacknowledged)
    return visible
  }

  /** Takes the next records of the stream, all of them or, where it throws, none. */
  receive(records: readonly Committed[]): Received {
    let rev = this.#rev
    let pending = this.#pending
    let lastSeq = this.#lastSeq
    let decidedAt = this.#decidedAt
    let acknowledged = 0
    const steps: Step[] = []
    const visible: Delta[] = []

    for (const record of records) {
      const { client, seq } = record
      const { inflight, barrier } = pending
      const isAcknowledgement =
        client === inflight?.client &&
        seq === inflight.seq &&
        // Who shares our key may have given the number to a delta of their own.
        (!record.op || isSameEdit(new Delta(record.op), inflight.delta))
      if (record.rev <= rev) {
        // Acknowledged at a revision that we passed without knowing it as ours.
        if (isAcknowledgement) throw new OutOfStep('an acknowledgement out of its turn')
        continue
      }
      if (record.rev !== rev + 1) throw new OutOfStep(`revision ${record.rev} after ${rev}`)
      rev = record.rev
      if (client === this.#client) lastSeq = Math.max(lastSeq, seq)

      if (isAcknowledgement) {
        acknowledged++
        steps.push({ client, delta: inflight.delta })
        pending = { ...pending, inflight: null }
      } else if (client === this.#client && seq === barrier) {
        // What is still in flight was not committed before it, and never will be.
        steps.push({ client, delta: new Delta() })
        pending = recalled(pending)
      } else {
        if (!record.op) throw new OutOfStep('a record without its delta')
        const delta = new Delta(record.op)
        let change = delta
        if (client === inflight?.client && seq === inflight.seq) {
          pending = recalled(pending)
        } else if (decidedAt !== null && client === this.#client && delta.ops.length > 0) {
          const { decided, open } = decidedBy(seq, pending)
          if (decided.ops.length > 0) change = this.#replacing(decided, delta, steps)
          pending = open
        }
        const carried = carry(pending, change)
        steps.push({ client, delta })
        pending = carried.pending
        visible.push(carried.visible)
      }
      if (decidedAt !== null && client === this.#client && seq >= decidedAt) {
        decidedAt = null
        pending = unsealed(pending, -1)
      }
    }

    const change = composeAll(visible)
    this.#content = this.#content.compose(change)
    this.#committed = isEmpty(pending)
      ? this.#content
      : this.#committed.compose(composeAll(steps.map((step) => step.delta)))
    this.#rev = rev
    this.#pending = pending
    this.#lastSeq = lastSeq
    this.#decidedAt = decidedAt
    return { steps, visible: change, acknowledged }
  }

  /** What the person sees change where, after `steps`, a delta comes that says what became of ours. */
  #replacing(ours: Delta, delta: Delta, steps: readonly Step[]): Delta {
    const before = this.#committed.delta.compose(composeAll(steps.map((step) => step.delta)))
    return difference(before.compose(ours), before.compose(delta))
  }

  /**
   * Takes back the delta in flight, which the server refused. Returns it, and
   * what taking it back changes in what the person sees; null where the refusal
   * is of no delta that is in flight.
   */
  refuse(seq: number): { refused: Delta; visible: Delta } | null {
    const { inflight, barrier } = this.#pending
    if (!inflight || (seq !== inflight.seq && seq !== barrier)) return null
    const inverse = inflight.delta.invert(this.#committed.delta)
    const rest = { ...this.#pending, inflight: null, barrier: null }
    const { pending, visible } = carry(rest, inverse)
    this.#pending = pending
    this.#content = this.#committed.compose(this.unacknowledged)
    return { refused: inflight.delta, visible }
  }

  /** Takes back all that is pending. Returns it, and what that changes in what the person sees. */
  giveUp(): { given: Delta; visible: Delta } {
    const given = this.unacknowledged
    this.#pending = nothing
    this.#content = this.#committed
    return { given, visible: given.invert(this.#committed.delta) }
  }

  /** Puts the delta in flight, known not to be committed, back in front of the buffer. */
  recall(): void {
    this.#pending = recalled(this.#pending)
  }
}
