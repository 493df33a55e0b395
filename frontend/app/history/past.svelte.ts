import { contentAt, getRecords, type Committed, type RevisionGroup } from '#client'
import { composeAll } from '#client/delta'
import Delta from 'quill-delta'
import { changesIn } from './canvas'
import { countsOf, plainSegments, segmentsOf, type Segment } from './segments'

/** A document as it was, with what the session that led there has changed. */
export interface Look {
  readonly rev: number
  readonly segments: readonly Segment[]
  /** Where the changes are. */
  readonly changes: readonly number[]
  readonly counts: ReturnType<typeof countsOf>
}

/** A session has at most this many records, and none spans a multiple of it. */
const groupSize = 1000
const pauseBetween = 5 * 60_000

/** The revision of the past that is looked at. */
export class Past {
  look = $state.raw<Look>()
  loading = $state(false)
  error = $state.raw<unknown>()
  readonly #id: string
  #abort = new AbortController()

  constructor(id: string) {
    this.#id = id
  }

  /** Shows a revision; what is still on its way for another is given up. */
  async show(rev: number, group?: Pick<RevisionGroup, 'fromRev'>): Promise<void> {
    this.#abort.abort()
    const { signal } = (this.#abort = new AbortController())
    this.loading = true
    this.error = undefined
    try {
      const segments = await this.#load(rev, group, signal)
      if (signal.aborted) return
      this.look = { rev, segments, changes: changesIn(segments), counts: countsOf(segments) }
    } catch (error) {
      if (signal.aborted) return
      this.error = error
    }
    this.loading = false
  }

  /** Gives up what is on its way. */
  close(): void {
    this.#abort.abort()
  }

  async #load(
    rev: number,
    group: Pick<RevisionGroup, 'fromRev'> | undefined,
    signal: AbortSignal,
  ): Promise<Segment[]> {
    const id = this.#id
    if (rev === 0) return plainSegments(await contentAt(id, 0, { signal }))
    if (group) {
      const before = group.fromRev - 1
      const [base, records] = await Promise.all([
        contentAt(id, before, { signal }),
        getRecords(id, { after: before, limit: rev - before }, { signal }),
      ])
      return segmentsOf(base, composed(records))
    }
    const before = Math.floor((rev - 1) / groupSize) * groupSize
    const records = await getRecords(id, { after: before, limit: rev - before }, { signal })
    const session = lastSession(records)
    const base = await contentAt(id, rev - session.length, { signal })
    return segmentsOf(base, composed(session))
  }
}

/** The records at the end of a run that are one author's without a long pause, as the server groups them. */
export function lastSession(records: readonly Committed[]): readonly Committed[] {
  let start = records.length - 1
  for (; start > 0; start--) {
    const [before, record] = [records[start - 1], records[start]]
    if (!before || !record || before.user !== record.user) break
    if (record.at - before.at > pauseBetween) break
  }
  return records.slice(Math.max(0, start))
}

function composed(records: readonly Committed[]): Delta {
  return composeAll(records.map(({ op }) => new Delta(op)))
}
