import { anotherPerson, ApiError, type DocumentState, type Refusal } from '#client'
import { words } from './index.svelte'

/** The title to show for a document: one may have none yet. Reactive, as all here. */
export function titleOf({ title }: { title: string }): string {
  return title || words().common.untitled
}

/** What went wrong with a request, in a sentence for the person at the screen. */
export function explain(error: unknown): string {
  const said = words().errors
  if (!(error instanceof ApiError)) return said.unexpected
  const { status, code, message } = error
  if (status === 0) return said.unreachable
  if (status === 401) return said.login
  if (status === 403) return said.forbidden
  if (code === 'revision_not_found') return said.noRevision
  if (status === 404) return said.gone
  if (status === 410) return said.inTrash
  if (status === 429) return said.tooMuch
  if (status >= 500) return said.serverTrouble
  return sentence(message)
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(begun) ? begun : `${begun}.`
}

/** How sure one can be of one's text: all of it is on the server's disk, is on its way, or waits here; who only reads has none. */
export type Safety = 'saved' | 'saving' | 'waiting' | 'stopped' | 'reading'

export interface SaveState {
  safety: Safety
  text: string
}

/**
 * Whether everything typed is safe, in a few words. "Saved" is said of nothing else,
 * and not to those who cannot write here.
 */
export function saveState(
  { status, saved, pending, role }: Pick<DocumentState, 'status' | 'saved' | 'pending' | 'role'>,
  writes: boolean,
): SaveState {
  const said = words().saving
  const kept = (state: string) => (pending === 0 ? state : said.keptHere(state, pending))
  switch (status) {
    case 'stopped':
      return { safety: 'stopped', text: said.notConnected }
    case 'connecting':
      return { safety: 'waiting', text: kept(said.reconnecting) }
    case 'offline':
      return { safety: 'waiting', text: kept(said.offline) }
    case 'online':
      if (!writes)
        return {
          safety: 'reading',
          text: role === 'commenter' ? said.readAndComment : said.readOnly,
        }
      return saved ? { safety: 'saved', text: said.saved } : { safety: 'saving', text: said.saving }
  }
}

/** Why the server closed a document for good, and what to do about it. */
export function stopReason({ code, reason }: NonNullable<DocumentState['stopped']>): string {
  const said = words().stopped
  switch (code) {
    case 1000:
    case 1009:
    case 4401:
    case 4403:
    case 4404:
    case 4410:
    case 4500:
      return said[code]
    case 1002:
    case 1007:
    case 4400:
      return said.broken
    case anotherPerson:
      return said.otherPerson
    default:
      return reason ? sentence(reason) : said.other(code)
  }
}

/** Why the server did not take a change. */
export function refusalReason({ code, message }: Pick<Refusal, 'code' | 'message'>): string {
  const said = words().refused
  switch (code) {
    case 'replaced':
      return said.replaced
    case 'restored':
      return said.restored
    case 'read_only':
      return said.readOnly
    case 'delta_too_large':
      return said.tooLarge
    case 'document_too_large':
      return said.documentTooLarge
    default:
      return sentence(message || code)
  }
}
