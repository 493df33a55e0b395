/** What somebody used last in this browser, the last one first. */
import { keeperNow } from '../account/self.svelte'

type What = 'documents' | 'commands'

const most = 20

function keyOf(what: What): string {
  const owner = keeperNow()
  return `tutti.recent.${what}${owner && `.${owner}`}`
}

export function recent(what: What): string[] {
  try {
    const ids: unknown = JSON.parse(localStorage.getItem(keyOf(what)) ?? '[]')
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []
  } catch {
    return []
  }
}

export function remember(what: What, id: string): void {
  keep(what, [id, ...recent(what).filter((other) => other !== id)])
}

export function forget(what: What, id: string): void {
  keep(
    what,
    recent(what).filter((other) => other !== id),
  )
}

function keep(what: What, ids: string[]): void {
  try {
    localStorage.setItem(keyOf(what), JSON.stringify(ids.slice(0, most)))
  } catch {
    // Without storage nothing is remembered.
  }
}
