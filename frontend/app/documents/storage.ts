/**
 * Documents in IndexedDB. Each tab has rows of its own for a document, and holds
 * a lock as long as it lives. Who opens the document next takes over the rows of a
 * tab that is gone, preferring those with edits that have not reached the server.
 * Nobody sees, takes over or sends what is another person's.
 */
import type { DocumentStorage, StorageChange, StoredDocument } from '#client'
import { newKey } from '#client/key'
import { keeper } from '../account/self.svelte'
import { database, type Database, type TabRow } from './database'

/** Documents that are kept for reading offline; those with unsent edits are kept besides. */
const mostKept = 50

export class TabStorage implements DocumentStorage {
  readonly document: string
  /** Names the rows; null before they are claimed. */
  tab: string | null = null
  /** Whose they are; not known before they are claimed. */
  owner = ''
  #database: Database | null = null
  #release: (() => void) | null = null

  constructor(document: string) {
    this.document = document
  }

  async load(): Promise<StoredDocument | null> {
    this.owner = await keeper()
    const db = await database()
    const all = await db.getAllFromIndex('tabs', 'document', this.document)
    const rows = all.filter(belongsTo(this.owner))
    rows.sort((a, b) => b.state.pending - a.state.pending || b.at - a.at)
    for (const { tab } of rows) {
      if (await this.#claim(tab)) break
    }
    const found = this.#release !== null
    if (!found) await this.#claim(newKey())
    const { tab } = this
    if (tab === null) throw new Error('no lock')
    this.#database = db
    void prune(db)
    if (found) return read(db, tab)

    // Another tab has it open: what is committed there is as good here.
    const [source] = rows
    const copy = source && (await read(db, source.tab))
    if (!copy) return null
    const nobody = { client: '', seq: 0, inflight: null, sealed: [], buffer: null, pending: 0 }
    const state = { ...copy.state, ...nobody, key: newKey() }
    await this.save({ state, base: copy.base })
    if (copy.deltas.length > 0) {
      await this.save({ state, deltas: { from: copy.base.rev + 1, ops: copy.deltas } })
    }
    return { ...copy, state }
  }

  /** Nothing is awaited before the commit: a page that is being closed does not come back from that. */
  save({ state, base, deltas }: StorageChange): Promise<void> {
    const { tab, document, owner } = this
    if (!this.#database || tab === null) return Promise.reject(new Error('not claimed'))
    const transaction = this.#database.transaction(['tabs', 'contents', 'deltas'], 'readwrite')
    const written: Promise<unknown>[] = [transaction.done]
    written.push(
      transaction.objectStore('tabs').put({ tab, document, owner, at: Date.now(), state }),
    )
    if (base) {
      written.push(
        transaction.objectStore('contents').put(base, tab),
        transaction.objectStore('deltas').delete(deltasOf(tab)),
      )
    }
    if (deltas) {
      written.push(transaction.objectStore('deltas').put(deltas.ops, [tab, deltas.from]))
    }
    transaction.commit()
    return Promise.all(written).then(() => undefined)
  }

  close(): void {
    this.#release?.()
    this.#release = null
  }

  async #claim(tab: string): Promise<boolean> {
    this.#release = await lock(tab)
    if (!this.#release) return false
    this.tab = tab
    return true
  }
}

export function belongsTo(owner: string): (row: TabRow) => boolean {
  return (row) => (row.owner ?? '') === owner
}

async function read(db: Database, tab: string): Promise<StoredDocument | null> {
  const transaction = db.transaction(['tabs', 'contents', 'deltas'])
  const [row, base, deltas] = await Promise.all([
    transaction.objectStore('tabs').get(tab),
    transaction.objectStore('contents').get(tab),
    transaction.objectStore('deltas').getAll(deltasOf(tab)),
  ])
  return row && base ? { state: row.state, base, deltas: deltas.flat() } : null
}

async function prune(db: Database): Promise<void> {
  const rows = await db.getAll('tabs')
  if (rows.length <= mostKept) return
  const held = await heldTabs()
  const old = rows
    .filter(({ tab, state }) => state.pending === 0 && !held.has(tab))
    .sort((a: TabRow, b: TabRow) => a.at - b.at)
    .slice(0, rows.length - mostKept)
  await remove(
    db,
    old.map(({ tab }) => tab),
  )
}

export async function remove(db: Database, tabs: readonly string[]): Promise<void> {
  const transaction = db.transaction(['tabs', 'contents', 'deltas'], 'readwrite')
  await Promise.all([
    ...tabs.flatMap((tab) => [
      transaction.objectStore('tabs').delete(tab),
      transaction.objectStore('contents').delete(tab),
      transaction.objectStore('deltas').delete(deltasOf(tab)),
    ]),
    transaction.done,
  ])
}

/** An array sorts behind every number. */
function deltasOf(tab: string): IDBKeyRange {
  return IDBKeyRange.bound([tab], [tab, []])
}

const lockPrefix = 'tutti.tab.'

export async function heldTabs(): Promise<Set<string>> {
  const { held = [] } = await navigator.locks.query()
  return new Set(held.map(({ name = '' }) => name.slice(lockPrefix.length)))
}

/** Takes a tab's lock and answers how to give it back, or null where another has it. */
export function lock(tab: string, within?: number): Promise<(() => void) | null> {
  const options =
    within === undefined ? { ifAvailable: true } : { signal: AbortSignal.timeout(within) }
  return new Promise((resolve) => {
    navigator.locks
      .request(lockPrefix + tab, options, (granted) => {
        if (!granted) {
          resolve(null)
          return
        }
        return new Promise<void>((release) => resolve(release))
      })
      .catch(() => resolve(null))
  })
}
