/** The drafts in this browser, the same in all of its tabs. */
import { keeperNow } from '../account/self.svelte'
import { database, mayStore } from '../documents/database'
import type { Draft } from './draft'

let current = $state.raw<readonly Draft[]>([])
const channel = mayStore() ? new BroadcastChannel('tutti.drafts') : null
if (channel) {
  channel.onmessage = () => void refresh()
  void refresh()
}

/** The person's drafts, the latest first. Reactive. */
export function drafts(): readonly Draft[] {
  const owner = keeperNow()
  return current.filter((draft) => (draft.owner ?? '') === owner)
}

export function putDraft(draft: Draft): void {
  current = [draft, ...current.filter(({ id }) => id !== draft.id)]
  if (channel) void write((db) => db.put('drafts', draft))
}

export function removeDraft(id: string): void {
  if (!current.some((draft) => draft.id === id)) return
  current = current.filter((draft) => draft.id !== id)
  if (channel) void write((db) => db.delete('drafts', id))
}

async function write(
  change: (db: Awaited<ReturnType<typeof database>>) => Promise<unknown>,
): Promise<void> {
  try {
    await change(await database())
    channel?.postMessage('changed')
  } catch (error) {
    console.error('tutti: a draft could not be stored', error)
  }
}

async function refresh(): Promise<void> {
  try {
    const found = await (await database()).getAll('drafts')
    current = found.sort((a, b) => b.at - a.at)
  } catch (error) {
    console.error('tutti: the drafts could not be read', error)
  }
}
