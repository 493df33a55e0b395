/** What this browser keeps: documents as its tabs last had them, and drafts. */
import type { StoredContent, StoredState } from '#client'
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Op } from 'quill-delta'
import type { Draft } from '../drafts/draft'

/** A document as one tab has it. */
export interface TabRow {
  tab: string
  document: string
  /** Whose it is, see `keeper`; left out where that is nobody's in particular. */
  owner?: string
  /** When it was last written, in Unix milliseconds. */
  at: number
  state: StoredState
}

interface Schema extends DBSchema {
  tabs: { key: string; value: TabRow; indexes: { document: string } }
  /** By tab. */
  contents: { key: string; value: StoredContent }
  /** By tab, and the revision that the first of them leads to. */
  deltas: { key: [string, number]; value: readonly Op[][] }
  drafts: { key: string; value: Draft }
}

export type Database = IDBPDatabase<Schema>

let opened: Promise<Database> | undefined

export function database(): Promise<Database> {
  opened ??= openDB<Schema>('tutti', 1, {
    upgrade(db) {
      db.createObjectStore('tabs', { keyPath: 'tab' }).createIndex('document', 'document')
      db.createObjectStore('contents')
      db.createObjectStore('deltas')
      db.createObjectStore('drafts', { keyPath: 'id' })
    },
    // A later version of the app, in another tab, waits for this one to let go.
    blocking: (_current, _wanted, event) => (event.target as IDBDatabase).close(),
  })
  return opened
}

/** Each tab owns what it stores by a lock, which the browser takes away when the tab dies. */
export function mayStore(): boolean {
  // Both are there on pages that are served securely, and on this very machine.
  return 'locks' in navigator && 'indexedDB' in globalThis
}
