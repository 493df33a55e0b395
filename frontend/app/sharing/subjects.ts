import { everyone, type Grant, type Group, type Member } from '#client'
import { words } from '../words/index.svelte'

/** Whom a document can be shared with: a person, a group, or everyone. */
export interface Subject {
  readonly id: string
  readonly name: string
  /** What tells apart those of one name. */
  readonly detail: string
  readonly isPerson: boolean
}

/** All who can be given a role, in the order in which they are offered. */
export function subjectsOf(members: readonly Member[], groups: readonly Group[]): Subject[] {
  const said = words().sharing
  return [
    ...members.map(({ id, name, login }) => ({ id, name, detail: login, isPerson: true })),
    ...groups.map(({ id, name, members: { length } }) => ({
      id,
      name,
      detail: said.groupOf(length),
      isPerson: false,
    })),
    { id: everyone, name: said.everyone, detail: '', isPerson: false },
  ]
}

/** Who was given a role: also somebody who isn't there any more. */
export function subjectOf({ subject, name }: Grant, all: readonly Subject[]): Subject {
  const found = all.find(({ id }) => id === subject)
  return found ?? { id: subject, name: name ?? words().sharing.someone, detail: '', isPerson: true }
}

const mostOffers = 6

/** Those whose name, a word of it, or login begins with what was typed. */
export function offersFor(typed: string, all: readonly Subject[]): Subject[] {
  const wanted = fold(typed)
  if (wanted === '') return []
  const begins = (text: string) =>
    fold(text).startsWith(wanted) ||
    fold(text)
      .split(/\s+/)
      .some((word) => word.startsWith(wanted))
  return all.filter(({ name, detail }) => begins(name) || begins(detail)).slice(0, mostOffers)
}

/** Who is meant by exactly these letters: a login before a name. More than one where a name is not enough. */
export function meantBy(typed: string, all: readonly Subject[]): Subject[] {
  const wanted = fold(typed)
  const byLogin = all.filter(({ detail, isPerson }) => isPerson && fold(detail) === wanted)
  return byLogin.length > 0 ? byLogin : all.filter(({ name }) => fold(name) === wanted)
}

function fold(text: string): string {
  return text.trim().toLowerCase().normalize('NFC')
}
