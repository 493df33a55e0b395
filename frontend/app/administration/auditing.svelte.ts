import { auditEventsUrl, listAudit, type AuditEntry } from '#client'

export interface AuditFilter {
  readonly person: string
  readonly document: string
  readonly action: string
}

/** Whether an entry is among those asked for, as the server decides it. */
export function takes({ person, document, action }: AuditFilter, entry: AuditEntry): boolean {
  return (
    (person === '' || entry.user.id === person || entry.subject === person) &&
    (document === '' || entry.document === document) &&
    (action === '' || entry.action === action)
  )
}

/** The audit log under a filter: the newest entries, older ones when they are asked for, new ones as they come. */
export class Auditing {
  entries = $state.raw<readonly AuditEntry[]>([])
  /** The cursor of the older ones; undefined where there are none. */
  next = $state.raw<string>()
  loading = $state(true)
  error = $state.raw<unknown>()
  /** Whether new entries come: undefined where that was not asked for, false while the connection is lost. */
  live = $state.raw<boolean>()

  readonly #filter: AuditFilter
  /** The newest entry that was heard of, of whatever kind. */
  #newest = 0
  #events: EventSource | undefined

  constructor(filter: AuditFilter) {
    this.#filter = filter
  }

  /** Loads the newest entries, and follows those that come after them. */
  async load(): Promise<void> {
    this.loading = true
    try {
      const [newest] = (await listAudit({ limit: 1 })).items
      const { items, next } = await listAudit({ ...this.#filter })
      this.#newest = Math.max(newest?.id ?? 0, items[0]?.id ?? 0)
      this.entries = items
      this.next = next
      this.error = undefined
    } catch (error) {
      this.error = error
    }
    this.loading = false
  }

  async more(): Promise<void> {
    if (this.next === undefined) return
    this.loading = true
    try {
      const { items, next } = await listAudit({ ...this.#filter, cursor: this.next })
      this.entries = [...this.entries, ...items]
      this.next = next
      this.error = undefined
    } catch (error) {
      this.error = error
    }
    this.loading = false
  }

  /** Has new entries come, those too that were written since it was paused. */
  follow(): void {
    this.pause()
    const events = new EventSource(auditEventsUrl(this.#newest))
    this.#events = events
    this.live = true
    events.onopen = () => (this.live = true)
    // The browser tries again by itself, and says which entry it has heard last.
    events.onerror = () => (this.live = false)
    events.onmessage = ({ data }: MessageEvent<string>) =>
      this.#hear(JSON.parse(data) as AuditEntry)
  }

  pause(): void {
    this.#events?.close()
    this.#events = undefined
    this.live = undefined
  }

  #hear(entry: AuditEntry): void {
    if (entry.id <= this.#newest) return
    this.#newest = entry.id
    if (takes(this.#filter, entry)) this.entries = [entry, ...this.entries]
  }
}
