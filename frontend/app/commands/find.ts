import {
  ApiError,
  getDocument,
  listDocuments,
  type DocumentInfo,
  type ListedDocument,
} from '#client'
import { forget, recent } from './recent'

/** As many as are shown before anything is typed. */
const mostRecent = 6
const mostFound = 8

/**
 * The documents that this person had open last, and then those that changed
 * last, each as it is now. What is in the trash, or gone, is left out.
 */
export async function recentDocuments(signal: AbortSignal): Promise<DocumentInfo[]> {
  const { items } = await listDocuments({ limit: 50 }, { signal })
  const known = new Map(items.map((item) => [item.id, item]))
  const visited = await Promise.all(
    recent('documents').map(async (id) => known.get(id) ?? (await lookUp(id, signal))),
  )
  const all = new Map<string, DocumentInfo>()
  for (const item of [...visited, ...items]) if (item) all.set(item.id, item)
  return [...all.values()]
}

/** What is shown of them before anything is typed, without the one that is open already. */
export function shownRecent(
  documents: readonly DocumentInfo[],
  open: string | undefined,
): DocumentInfo[] {
  return documents.filter(({ id }) => id !== open).slice(0, mostRecent)
}

export async function findDocuments(
  q: string,
  signal: AbortSignal,
): Promise<readonly ListedDocument[]> {
  return (await listDocuments({ q, limit: mostFound }, { signal })).items
}

async function lookUp(id: string, signal: AbortSignal): Promise<DocumentInfo | undefined> {
  try {
    return await getDocument(id, { signal })
  } catch (error) {
    if (error instanceof ApiError && [403, 404, 410].includes(error.status)) {
      forget('documents', id)
      return undefined
    }
    throw error
  }
}
