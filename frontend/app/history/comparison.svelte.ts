import { contentAt, getDiff } from '#client'
import { plainText } from '#client/delta'
import { changesIn } from './canvas'
import { changeOf, countsOf, segmentsOf, type Segment } from './segments'

/** Two revisions and what differs between them. */
export interface Compared {
  readonly before: string
  readonly after: string
  /** The newer one with its changes. */
  readonly inline: readonly Segment[]
  /** The older one, with what is gone later marked, and the newer one, with what is new. */
  readonly sides: readonly [readonly Segment[], readonly Segment[]]
  readonly changes: readonly number[]
  readonly counts: ReturnType<typeof countsOf>
}

/** Finds what differs between two revisions; the last pair that was asked for wins. */
export class Comparison {
  found = $state.raw<Compared>()
  error = $state.raw<unknown>()
  readonly #id: string
  #abort = new AbortController()

  constructor(id: string) {
    this.#id = id
  }

  async load(from: number, to: number): Promise<void> {
    this.#abort.abort()
    const { signal } = (this.#abort = new AbortController())
    this.error = undefined
    try {
      const [before, after, runs] = await Promise.all([
        contentAt(this.#id, from, { signal }),
        contentAt(this.#id, to, { signal }),
        getDiff(this.#id, from, to, { signal }),
      ])
      if (signal.aborted) return
      const change = changeOf(runs, before, after)
      const inline = segmentsOf(before, change)
      // Seen from the newer one, what was there before is what comes back.
      const backwards = segmentsOf(after, change.invert(before))
      const older = backwards.flatMap((segment) => {
        if (segment.mark === 'deleted') return []
        return segment.mark === 'inserted' ? [{ ...segment, mark: 'deleted' as const }] : [segment]
      })
      this.found = {
        before: plainText(before),
        after: plainText(after),
        inline,
        sides: [older, inline.filter(({ mark }) => mark !== 'deleted')],
        changes: changesIn(inline),
        counts: countsOf(inline),
      }
    } catch (error) {
      if (!signal.aborted) this.error = error
    }
  }

  close(): void {
    this.#abort.abort()
  }
}
