/** Edits that closed tabs have left are sent without anybody opening the document. */
import { openDocuments, openUnseen } from './live.svelte'
import { leftovers } from './kept'

/** The page that is being opened comes first: what it shows it sends by itself. */
const after = 3_000
/** A document that is left open keeps its lock; what comes back here was tried. */
const tried = new Set<string>()

let timer: ReturnType<typeof setTimeout> | undefined

/** Goes on until there are none that could be sent. */
export function sendLeftovers(): void {
  clearTimeout(timer)
  timer = setTimeout(() => {
    sendNext().catch((error: unknown) => {
      console.error('tutti: what is stored could not be read', error)
    })
  }, after)
}

async function sendNext(): Promise<void> {
  if (openDocuments().some(({ tab }) => tab === null)) {
    sendLeftovers()
    return
  }
  const next = (await leftovers()).find(({ tab }) => !tried.has(tab))
  if (!next) return
  tried.add(next.tab)
  openUnseen(next.document)
  sendLeftovers()
}
