import { ApiError } from '#client'
import { region, words } from '../words/index.svelte'
import { explain } from '../words/sentences'

/** What went wrong, in the words of these pages: elsewhere a 404 means a document. Reactive, as all here. */
export function explainHere(error: unknown): string {
  const said = words().administration.errors
  if (error instanceof ApiError) {
    if (error.code === 'last_administrator') return said.lastAdministrator
    if (error.code === 'not_found' || error.code === 'document_not_found') return said.gone
  }
  return explain(error)
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']

/** A number of bytes as people read it: "1.2 MB". */
export function size(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1)
  return new Intl.NumberFormat(region(), {
    style: 'unit',
    unit: units[power],
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(bytes / 1000 ** power)
}

/** A number as people write it. */
export function amount(n: number): string {
  return new Intl.NumberFormat(region()).format(n)
}

/** What was done, in words; one that is new here stands as the server calls it. */
export function actionLabel(action: string): string {
  const labels: Record<string, string> = words().administration.audit.actions
  return labels[action] ?? action
}
