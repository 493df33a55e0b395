import { listRevisions, listVersions, type Page, type RevisionGroup, type Version } from '#client'

type List = (query: { limit: number; cursor?: string }) => Promise<Page<RevisionGroup>>

const pageSize = 50
/** As many as the server gives at once. */
const largestPage = 200
/** How many large pages are read to find an old revision, or to bridge what came meanwhile. */
const patience = 5

/** The sessions of editing that a document is made of, newest first, a page at a time. */
export class Timeline {
  groups = $state.raw<readonly RevisionGroup[]>([])
  /** The newest named revisions, which may be older than the sessions here. */
  versions = $state.raw<readonly Version[]>([])
  /** Whether the first page has come. */
  loaded = $state(false)
  loading = $state(false)
  error = $state.raw<unknown>()
  /** Where the older ones begin; undefined when all are here. */
  #next = $state.raw<string>()
  readonly #id: string
  readonly #list: List
  #task: Promise<void> = Promise.resolve()

  constructor(id: string, list: List = (query) => listRevisions(id, query)) {
    this.#id = id
    this.#list = list
  }

  get hasMore(): boolean {
    return this.#next !== undefined
  }

  /** The session that a revision belongs to, if it has been loaded. */
  at(rev: number): RevisionGroup | undefined {
    return this.groups.find(({ fromRev, toRev }) => fromRev <= rev && rev <= toRev)
  }

  /** Loads the first page, or what has come since and what changed in it. */
  refresh(): Promise<void> {
    return this.#inTurn(async () => {
      const oldest = this.groups.at(-1)?.fromRev
      const newest = this.groups[0]?.toRev ?? 0
      let page = await this.#list({ limit: pageSize })
      let fresh = [...page.items]
      // A gap is closed, so that the list stays as long as it was.
      for (let pages = 0; pages < patience && oldest !== undefined; pages++) {
        const reached = fresh.at(-1)?.fromRev ?? 0
        if (page.next === undefined || reached <= newest + 1) break
        page = await this.#list({ limit: largestPage, cursor: page.next })
        fresh = [...fresh, ...page.items]
      }
      const reached = fresh.at(-1)?.fromRev ?? 0
      const kept = reached <= newest + 1 ? this.groups.filter((old) => old.toRev < reached) : []
      this.groups = [...fresh, ...kept]
      if (kept.length === 0) this.#next = page.next
      this.loaded = true
    })
  }

  /** Loads all that is shown anew: a name that came or went parts or joins its neighbours. */
  reload(): Promise<void> {
    return this.#inTurn(async () => {
      const oldest = this.groups.at(-1)?.fromRev ?? 0
      let page = await this.#list({ limit: largestPage })
      let fresh = [...page.items]
      while (page.next !== undefined && (fresh.at(-1)?.fromRev ?? 0) > oldest) {
        page = await this.#list({ limit: largestPage, cursor: page.next })
        fresh = [...fresh, ...page.items]
      }
      this.groups = fresh
      this.#next = page.next
      this.loaded = true
    })
  }

  /** Loads the next page of older ones. */
  more(limit = pageSize): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#next === undefined) return
      const page = await this.#list({ limit, cursor: this.#next })
      this.groups = [...this.groups, ...page.items]
      this.#next = page.next
    })
  }

  /** Loads the named revisions; without them the sessions can be chosen from as well. */
  async loadVersions(): Promise<void> {
    this.versions =
      (await listVersions(this.#id, { limit: 1000 }).catch(() => undefined))?.items ?? this.versions
  }

  /** Loads older ones until a revision is among them, but not for ever. */
  async reach(rev: number): Promise<void> {
    for (let pages = 0; pages < patience; pages++) {
      if (!this.hasMore || this.error || (this.groups.at(-1)?.fromRev ?? 0) <= rev) return
      await this.more(largestPage)
    }
  }

  /** One after the other: each builds on what the one before has loaded. */
  #inTurn(load: () => Promise<void>): Promise<void> {
    this.#task = this.#task.then(async () => {
      this.loading = true
      try {
        await load()
        this.error = undefined
      } catch (error) {
        this.error = error
      } finally {
        this.loading = false
      }
    })
    return this.#task
  }
}
