import type { DocumentState, Person } from '#client'
import { words } from '../words/index.svelte'

interface Moment {
  status: DocumentState['status']
  people: readonly Person[]
}

/** What is worth saying aloud about the step from one moment to the next; may be empty. */
export function announce(before: Moment, now: Moment): string {
  return [...statusWords(before, now), ...peopleWords(before, now)].join(' ')
}

function statusWords(before: Moment, now: Moment): string[] {
  if (before.status === now.status) return []
  if (now.status === 'offline') return [words().people.nowOffline]
  if (now.status === 'online') return [words().people.nowConnected]
  return [] // connecting is an attempt, not news; stopped is an alert of its own
}

function peopleWords(before: Moment, now: Moment): string[] {
  // Who is here cannot be known without a connection, so losing it is no leaving.
  if (before.status !== 'online' || now.status !== 'online') return []
  return [
    ...missingFrom(before.people, now.people).map((name) => words().people.joined(name)),
    ...missingFrom(now.people, before.people).map((name) => words().people.left(name)),
  ]
}

function missingFrom(some: readonly Person[], others: readonly Person[]): string[] {
  const sessions = new Set(some.map(({ session }) => session))
  return others.filter(({ session }) => !sessions.has(session)).map(({ name }) => name)
}
