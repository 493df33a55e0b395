/** What is kept in this browser, whoever's tab wrote it: looked through when a person comes or goes. */
import { keeper } from '../account/self.svelte'
import { database } from './database'
import { belongsTo, heldTabs, lock, remove } from './storage'

/** Edits that a closed tab has left behind. */
export interface Leftover {
  tab: string
  document: string
}

export async function leftovers(): Promise<Leftover[]> {
  const owner = await keeper()
  const rows = (await (await database()).getAll('tabs')).filter(belongsTo(owner))
  const held = await heldTabs()
  return rows.filter(({ tab, state }) => state.pending > 0 && !held.has(tab))
}

/** How many edits of a person are kept here that the server is not known to have. */
export async function unsentEdits(): Promise<number> {
  const owner = await keeper()
  const rows = (await (await database()).getAll('tabs')).filter(belongsTo(owner))
  return rows.reduce((sum, { state }) => sum + state.pending, 0)
}

/** Forgets the copies of documents of people with accounts, but for edits that are still to be sent. */
export async function forgetSaved(): Promise<void> {
  const db = await database()
  for (const { tab, owner, state } of await db.getAll('tabs')) {
    if (!owner || state.pending > 0) continue
    const release = await lock(tab)
    if (!release) continue
    const row = await db.get('tabs', tab)
    if (row?.state.pending === 0) await remove(db, [tab])
    release()
  }
}

/** Forgets what a tab has stored. False where that tab is still there. */
export async function forget(tab: string): Promise<boolean> {
  const release = await lock(tab, 1_000)
  if (!release) return false
  await remove(await database(), [tab])
  release()
  return true
}
