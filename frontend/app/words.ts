import { ApiError, type DocumentState, type Refusal } from '#client'

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const dayAndMonth = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long' })
const fullDate = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long', year: 'numeric' })

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** How long ago something was, as people say it: "5 minutes ago", "yesterday", "March 3". */
export function timeAgo(at: Date, now: number): string {
  const age = now - at.getTime()
  if (age < minute) return 'just now' // a clock ahead of ours is no reason to speak of the future
  if (age < hour) return relative.format(-Math.floor(age / minute), 'minute')
  const nights = Math.round((startOfDay(now) - startOfDay(at.getTime())) / day)
  if (nights === 0) return relative.format(-Math.floor(age / hour), 'hour')
  if (nights < 7) return relative.format(-nights, 'day')
  const sameYear = at.getFullYear() === new Date(now).getFullYear()
  return (sameYear ? dayAndMonth : fullDate).format(at)
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0)
}

/** A count with its noun: "1 change", "1,200 changes". */
export function count(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`
}

/** The title to show for a document: one may have none yet. */
export function titleOf({ title }: { title: string }): string {
  return title || 'Untitled'
}

/** What went wrong with a request, in a sentence for the person at the screen. */
export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Something unexpected happened in this page.'
  const { status, message } = error
  if (status === 0) return 'The server cannot be reached.'
  if (status === 401) return 'You need to log in first.'
  if (status === 403) return 'You may not do this here.'
  if (status === 404) return 'The document does not exist any more.'
  if (status === 410) return 'The document is in the trash.'
  if (status === 429) return 'That was too much at once; please wait a moment.'
  if (status >= 500) return 'The server has trouble of its own; please try again in a while.'
  return sentence(message)
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(begun) ? begun : `${begun}.`
}

/** How sure one can be of one's text: all of it is on the server's disk, is on its way, or waits here. */
export type Safety = 'saved' | 'saving' | 'waiting' | 'stopped'

export interface SaveState {
  safety: Safety
  text: string
}

/**
 * Whether everything typed is safe, in a few words. "Saved" is said of nothing else,
 * and not to those who cannot write here.
 */
export function saveState(
  { status, saved, pending }: Pick<DocumentState, 'status' | 'saved' | 'pending'>,
  writes: boolean,
): SaveState {
  switch (status) {
    case 'stopped':
      return { safety: 'stopped', text: 'Not connected' }
    case 'connecting':
      return { safety: 'waiting', text: kept('Reconnecting…', pending) }
    case 'offline':
      return { safety: 'waiting', text: kept('Offline', pending) }
    case 'online':
      if (!writes) return { safety: 'saved', text: 'Read only' }
      return saved ? { safety: 'saved', text: 'Saved' } : { safety: 'saving', text: 'Saving…' }
  }
}

function kept(text: string, pending: number): string {
  return pending === 0 ? text : `${text} — ${count(pending, 'change')} kept here`
}

/** Why the server closed a document for good, and what to do about it. */
export function stopReason({ code, reason }: NonNullable<DocumentState['stopped']>): string {
  switch (code) {
    case 1000:
      return 'An administrator ended your session. You can open the document again.'
    case 1009:
      return 'A change was too large for the server, so it closed the connection.'
    case 4401:
      return 'You need to log in to open this document.'
    case 4403:
      return 'You have no access to this document.'
    case 4404:
      return 'There is no document at this address.'
    case 4410:
      return 'This document was moved to the trash.'
    case 1002:
    case 1007:
    case 4400:
      return 'This page and the server do not understand each other. Reload the page; if that does not help, the two are of different versions.'
    default:
      return reason ? sentence(reason) : `The server closed the connection (${code}).`
  }
}

/** Why the server did not take a change. */
export function refusalReason({ code, message }: Pick<Refusal, 'code' | 'message'>): string {
  switch (code) {
    case 'read_only':
      return 'You may read this document, but not change it.'
    case 'delta_too_large':
      return 'It was too large to be taken at once. Try it in smaller pieces.'
    case 'document_too_large':
      return 'The document would have become larger than the server allows.'
    default:
      return sentence(message || code)
  }
}
