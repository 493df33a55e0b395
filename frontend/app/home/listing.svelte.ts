import { listDocuments, type DocumentInfo, type ListedDocument } from '#client'
import { everything, listQuery, type View } from './view'

/** As many as the server gives at once when it is not told how many. */
const pageSize = 50
/** More it never gives. */
const mostAtOnce = 1000

/** The list of documents as far as it is loaded: those in use, or those in the trash. */
export class Listing {
  items = $state.raw<readonly ListedDocument[]>([])
  /** Whether the server has more than is loaded. */
  hasMore = $derived.by(() => this.#next !== undefined)
  loading = $state(true)
  /** Whether anything was loaded yet. */
  loaded = $state(false)
  /** Why the last load failed. */
  error = $state.raw<unknown>()
  /** Whether the search has not read all of the newest changes yet. */
  behind = $state(false)
  /** The view that the items are of. */
  view = $state.raw<View>(everything)

  #next = $state<string>()
  #loads = 0
  readonly #trashed: boolean

  constructor(trashed: boolean) {
    this.#trashed = trashed
  }

  /** Loads the first page of a view. */
  async load(view: View): Promise<void> {
    await this.#fetch(view, pageSize, undefined)
  }

  /** Loads the next page. */
  async more(): Promise<void> {
    await this.#fetch(this.view, pageSize, this.#next)
  }

  /** Loads again what is loaded. */
  async refresh(): Promise<void> {
    if (this.items.length > mostAtOnce) return
    await this.#fetch(this.view, Math.max(this.items.length, pageSize), undefined)
  }

  /** Takes over what is new about a document. */
  replace(document: DocumentInfo): void {
    this.items = this.items.map((item) => {
      if (item.id !== document.id) return item
      const { titleMarks, ...merged } = { ...item, ...document }
      return titleMarks && item.title === document.title ? { ...merged, titleMarks } : merged
    })
  }

  /** Takes a document out of the list. */
  remove(id: string): void {
    this.items = this.items.filter((item) => item.id !== id)
  }

  async #fetch(view: View, limit: number, cursor: string | undefined): Promise<void> {
    const load = ++this.#loads
    this.loading = true
    try {
      const query = { ...listQuery(view, this.#trashed), limit, ...(cursor && { cursor }) }
      const page = await listDocuments(query)
      if (load !== this.#loads) return
      this.items = cursor ? withoutTwins(this.items, page.items) : page.items
      this.#next = page.next
      this.view = view
      this.behind = page.pending !== undefined
      this.loaded = true
      this.error = undefined
    } catch (error) {
      if (load === this.#loads) this.error = error
    } finally {
      if (load === this.#loads) this.loading = false
    }
  }
}

/** A document that has changed since the page before was loaded may come again. */
function withoutTwins(
  before: readonly ListedDocument[],
  next: readonly ListedDocument[],
): readonly ListedDocument[] {
  const known = new Set(before.map(({ id }) => id))
  return [...before, ...next.filter(({ id }) => !known.has(id))]
}
