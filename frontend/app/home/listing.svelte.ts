import { listDocuments, type DocumentInfo } from '#client'

/** The list of documents as far as it is loaded: those in use, or those in the trash. */
export class Listing {
  items = $state.raw<readonly DocumentInfo[]>([])
  /** Whether the server has more than is loaded. */
  hasMore = $derived.by(() => this.#next !== undefined)
  loading = $state(true)
  /** Why the last load failed. */
  error = $state.raw<unknown>()
  /** What the loaded items were searched for. */
  searchedFor = $state('')

  #next = $state<string>()
  #loads = 0
  readonly #trashed: boolean

  constructor(trashed: boolean) {
    this.#trashed = trashed
  }

  /** Loads the first page of the documents whose titles match. */
  async load(query: string): Promise<void> {
    await this.#fetch(query, undefined)
  }

  /** Loads the next page. */
  async more(): Promise<void> {
    await this.#fetch(this.searchedFor, this.#next)
  }

  /** Puts a document in the place of what was listed under its id. */
  replace(document: DocumentInfo): void {
    this.items = this.items.map((item) => (item.id === document.id ? document : item))
  }

  /** Takes a document out of the list. */
  remove(id: string): void {
    this.items = this.items.filter((item) => item.id !== id)
  }

  async #fetch(query: string, cursor: string | undefined): Promise<void> {
    const load = ++this.#loads
    this.loading = true
    try {
      const page = await listDocuments({
        ...(query && { q: query }),
        ...(cursor && { cursor }),
        trashed: this.#trashed,
      })
      if (load !== this.#loads) return
      this.items = cursor ? [...this.items, ...page.items] : page.items
      this.#next = page.next
      this.searchedFor = query
      this.error = undefined
    } catch (error) {
      if (load === this.#loads) this.error = error
    } finally {
      if (load === this.#loads) this.loading = false
    }
  }
}
