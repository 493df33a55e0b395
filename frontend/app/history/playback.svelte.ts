import type { Committed } from '#client'
import { composeAll } from '#client/delta'
import Delta from 'quill-delta'

/** Where the history comes from, and where it is shown. */
export interface Stage {
  records(after: number, limit: number): Promise<Committed[]>
  content(rev: number): Promise<Delta>
  /** Shows a content in place of what is there. */
  show(content: Delta, rev: number): void
  /** Applies what the records up to `last` changed to what is there. */
  apply(change: Delta, last: Committed): void
}

/** Changes a second; 0 plays the whole history in about half a minute. */
export const speeds = [5, 20, 100, 0] as const
export type Speed = (typeof speeds)[number]

const tick = 100
const wholeIn = 30_000
const pageSize = 500
/** From here on contents are skipped to, instead of composed from every record. */
const longestStep = 200

/** Plays a history. What it holds is two pages of records, however long the history. */
export class Playback {
  rev = $state(0)
  playing = $state(false)
  speed = $state<Speed>(20)
  error = $state.raw<unknown>()
  readonly #stage: Stage
  readonly #head: () => number
  #records: Committed[] = []
  #coming: Promise<void> | undefined
  /** Changes whenever playing starts or stops, so that what was under way is dropped. */
  #run = 0

  constructor(stage: Stage, head: () => number) {
    this.#stage = stage
    this.#head = head
  }

  /** Plays on from a revision; from the beginning where it is the last. */
  async play(from: number): Promise<void> {
    const run = ++this.#run
    this.error = undefined
    this.playing = true
    this.#records = []
    this.#coming = undefined
    try {
      const start = from >= this.#head() ? 0 : from
      await this.#jump(start, run)
      while (run === this.#run && this.rev < this.#head()) {
        await pause(tick)
        if (run === this.#run) await this.#step(run)
      }
    } catch (error) {
      if (run === this.#run) this.error = error
    }
    if (run === this.#run) this.playing = false
  }

  stop(): void {
    this.#run++
    this.playing = false
    this.error = undefined
    this.#records = []
  }

  async #step(run: number): Promise<void> {
    const perSecond = this.speed || Math.max(20, (this.#head() * 1000) / wholeIn)
    const step = Math.max(1, Math.round((perSecond * tick) / 1000))
    if (step > longestStep) {
      await this.#jump(Math.min(this.rev + step, this.#head()), run)
      return
    }
    if (this.#records.length < step) await this.#fetch()
    if (run !== this.#run) return
    const taken = this.#records.splice(0, step)
    const last = taken.at(-1)
    if (!last) return
    if (this.#records.length < pageSize / 2) void this.#fetch().catch(() => undefined)
    this.#stage.apply(composeAll(taken.map(({ op }) => new Delta(op))), last)
    this.rev = last.rev
  }

  async #jump(rev: number, run: number): Promise<void> {
    const content = await this.#stage.content(rev)
    if (run !== this.#run) return
    this.#records = []
    this.#stage.show(content, rev)
    this.rev = rev
  }

  /** Fetches the next page, once at a time. */
  #fetch(): Promise<void> {
    const run = this.#run
    this.#coming ??= this.#stage
      .records(this.#records.at(-1)?.rev ?? this.rev, pageSize)
      .then((records) => {
        const after = this.#records.at(-1)?.rev ?? this.rev
        if (run === this.#run) this.#records.push(...records.filter(({ rev }) => rev > after))
      })
      .finally(() => (this.#coming = undefined))
    return this.#coming
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
