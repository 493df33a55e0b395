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
import { baseLength, composeAll, cross, difference, hasLoneSurrogate, split } from './delta'
import type { Committed, OpFrame } from './wire'

interface Buffer {
  readonly delta: Delta
  /** How many calls of `submit` it holds. */
  readonly edits: number
}

interface Inflight extends Buffer {
  readonly client: string
  readonly seq: number
}

interface Pending {
  readonly inflight: Inflight | null
  readonly buffer: Buffer | null
  /** The sequence number of an empty delta on its way, see `outgoing`. */
  readonly barrier: number | null
}

/** A record as it moves cursors: the delta at the server, and whose it was. */
export interface Step {
  readonly client: string
  readonly delta: Delta
}

export interface Received {
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

const nothing: Pending = { inflight: null, buffer: null, barrier: null }

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
    const { inflight, buffer } = this.#pending
    return (inflight?.edits ?? 0) + (buffer?.edits ?? 0)
  }

  /** Whether the server has all that the person sees. */
  get isSynchronized(): boolean {
    const { inflight, buffer, barrier } = this.#pending
    return !inflight && !buffer && barrier === null
  }

  /** All that is not acknowledged, as one delta on the committed content. */
  get unacknowledged(): Delta {
    const { inflight, buffer } = this.#pending
    return composeAll([inflight, buffer].flatMap((part) => part?.delta ?? []))
  }

  /** A position at the server's revision, as the person sees it. */
  toVisible(position: number): number {
    const { inflight, buffer } = this.#pending
    for (const part of [inflight, buffer]) {
      if (part) position = part.delta.transformPosition(position, true)
    }
    return position
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
    const { inflight, buffer, barrier } = this.#pending
    if (inflight || barrier !== null || !buffer) return false
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
    const { inflight, barrier } = this.#pending
    if (barrier === null && inflight?.client === this.#client) {
      return { t: 'op', seq: inflight.seq, rev: this.#rev, op: inflight.delta.ops }
    }
    if (barrier === null && !inflight) return null
    const seq = barrier ?? ++this.#lastSeq
    this.#pending = { ...this.#pending, barrier: seq }
    return { t: 'op', seq, rev: this.#rev, op: [] }
  }

  /** Goes on from the own revision, in a new session. */
  resume({ client, seq, epoch }: Position): void {
    if (epoch !== this.#epoch) throw new OutOfStep('another epoch')
    if (client !== this.#client) this.#pending = { ...this.#pending, barrier: null }
    this.#client = client
    this.#lastSeq = Math.max(this.#lastSeq, seq)
  }

  /**
   * Takes the whole content from the server, at the start or where the stream
   * could not be continued. Returns what that changes in what the person sees.
   */
  adopt(content: Delta, { client, seq, epoch, rev }: Position): Delta {
    const { inflight } = this.#pending
    let before: Pending = { ...this.#pending, barrier: null }
    let known = this.#committed.delta
    if (inflight && inflight.client !== client) {
      before = recalled(before)
    } else if (inflight && inflight.seq <= seq) {
      before = { ...before, inflight: null }
      known = known.compose(inflight.delta)
    }
    const { pending, visible } = carry(before, difference(known, content))
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
    let acknowledged = 0
    const steps: Step[] = []
    const visible: Delta[] = []

    for (const record of records) {
      const { client, seq } = record
      const { inflight, barrier } = pending
      const isAcknowledgement = client === inflight?.client && seq === inflight.seq
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
        pending = recalled(pending)
      } else {
        if (!record.op) throw new OutOfStep('a record without its delta')
        const delta = new Delta(record.op)
        steps.push({ client, delta })
        const carried = carry(pending, delta)
        pending = carried.pending
        visible.push(carried.visible)
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
    return { steps, visible: change, acknowledged }
  }

  /**
   * Takes back the delta in flight, which the server refused. Returns it, and
   * what taking it back changes in what the person sees; null where the refusal
   * is of no delta that is in flight.
   */
  refuse(seq: number): { refused: Delta; visible: Delta } | null {
    const { inflight, buffer, barrier } = this.#pending
    if (!inflight || (seq !== inflight.seq && seq !== barrier)) return null
    const inverse = inflight.delta.invert(this.#committed.delta)
    const { pending, visible } = carry({ ...nothing, buffer }, inverse)
    this.#pending = pending
    this.#content = this.#committed.compose(this.unacknowledged)
    return { refused: inflight.delta, visible }
  }

  /** Puts the delta in flight, known not to be committed, back in front of the buffer. */
  recall(): void {
    this.#pending = recalled(this.#pending)
  }
}

function isEmpty(pending: Pending): boolean {
  return !pending.inflight && !pending.buffer
}

function recalled({ inflight, buffer }: Pending): Pending {
  if (!inflight) return { ...nothing, buffer }
  const delta = buffer ? inflight.delta.compose(buffer.delta) : inflight.delta
  return { ...nothing, buffer: { delta, edits: inflight.edits + (buffer?.edits ?? 0) } }
}

/** Carries a change of the committed content over what is pending, and that over it. */
function carry(pending: Pending, change: Delta): { pending: Pending; visible: Delta } {
  let visible = change
  const over = <Part extends Buffer>(part: Part | null): Part | null => {
    if (!part) return null
    const { ours, theirs } = cross(part.delta, visible)
    visible = theirs
    return { ...part, delta: ours }
  }
  const inflight = over(pending.inflight)
  const buffer = over(pending.buffer)
  return { pending: { ...pending, inflight, buffer }, visible }
}
