/** What became of a document: its revisions, who wrote what, and going back. */
import Delta, { type Op } from 'quill-delta'
import type { Committed, User } from '../wire'
import { call, callText, pathOf, type CallOptions, type Page } from './call'

/** Records of one author without a long pause, as people read a history. */
export interface RevisionGroup {
  /** Inclusive, as `toRev`. */
  readonly fromRev: number
  readonly toRev: number
  readonly user: User
  /** RFC 3339. */
  readonly startedAt: string
  readonly endedAt: string
  /** UTF-16 units, as `deleted`. */
  readonly inserted: number
  readonly deleted: number
  /** Of the version that it ends with. */
  readonly name?: string
}

/** A revision with a name. */
export interface Version {
  readonly rev: number
  readonly name: string
  readonly createdAt: string
  readonly createdBy: User
}

/** A run of the content that one record wrote; `rev` 0 is the creation. */
export interface BlameRun {
  /** UTF-16 units, an embed counting one. */
  readonly length: number
  readonly rev: number
  readonly user: User
  readonly client: string
  /** Unix milliseconds. */
  readonly at: number
}

/** A run of the text of two revisions. */
export interface DiffRun {
  readonly op: 'equal' | 'insert' | 'delete'
  readonly text: string
}

/** Whose records to undo. */
export type Author = { user: string } | { client: string }

/** A revision whose content is to come back, or one author's records (`from` and `to` inclusive). */
export type RevertRequest = { rev: number } | (Author & { from?: number; to?: number })

/** Where a write was committed and what it came to; an empty `op` committed nothing. */
export interface Written {
  readonly revision: number
  readonly op: Op[]
}

/** A page of the history, newest first. */
export function listRevisions(
  id: string,
  query: { limit?: number; cursor?: string } = {},
  options?: CallOptions,
): Promise<Page<RevisionGroup>> {
  return call('GET', withQuery(`${pathOf(id)}/revisions`, query), undefined, options)
}

/** A page of the named revisions, newest first. */
export function listVersions(
  id: string,
  query: { limit?: number; cursor?: string } = {},
  options?: CallOptions,
): Promise<Page<Version>> {
  return call('GET', withQuery(`${pathOf(id)}/versions`, query), undefined, options)
}

/** Names a revision, in place of the name that it may have; without `rev` the head. */
export function createVersion(
  id: string,
  version: { name: string; rev?: number },
  options?: CallOptions,
): Promise<Version> {
  return call('POST', `${pathOf(id)}/versions`, version, options)
}

/** Takes a revision's name away; the revision stays. */
export function deleteVersion(id: string, rev: number, options?: CallOptions): Promise<void> {
  return call('DELETE', `${pathOf(id)}/versions/${rev}`, undefined, options)
}

/**
 * Brings back a revision, or undoes what one author did, as a new record. With
 * `dryRun` nothing is committed, and the answer says what would be.
 */
export function revert(
  id: string,
  what: RevertRequest & { dryRun?: boolean },
  options?: CallOptions,
): Promise<Written> {
  return call('POST', `${pathOf(id)}/revert`, what, options)
}

/** What was found of a text, or erased. */
export interface Erasure {
  /** How often it came to stand somewhere in the content. */
  readonly occurrences: number
  /** The revisions in which it did, the first 1,000 of them. */
  readonly revisions: readonly number[]
  readonly alsoIn: readonly ('title' | 'tags' | 'versions' | 'chat')[]
  readonly erased: boolean
  /** Of the head. */
  readonly revision: number
  /** Another than before, if something was erased from the content. */
  readonly epoch: string
  /** What this does not reach, in English. */
  readonly left: string
}

/**
 * Takes a text out of a document and all its history, for good: `█` stands in
 * its place. With `dryRun` nothing is erased, and the answer says where it is.
 */
export function eraseText(
  id: string,
  text: string,
  { dryRun = false, ...options }: CallOptions & { dryRun?: boolean } = {},
): Promise<Erasure> {
  return call('POST', `${pathOf(id)}/erase`, { text, dryRun }, options)
}

/** Commits a delta made against the revision `rev`, merged with what happened since. */
export function submitDelta(
  id: string,
  rev: number,
  op: readonly Op[],
  options?: CallOptions,
): Promise<Written> {
  return call('PATCH', `${pathOf(id)}/content`, { rev, edits: [{ op }] }, options)
}

/** Who wrote each run of the content at a revision; without `rev` the head. */
export function getBlame(
  id: string,
  query: { rev?: number } = {},
  options?: CallOptions,
): Promise<{ revision: number; items: BlameRun[] }> {
  return call('GET', withQuery(`${pathOf(id)}/blame`, query), undefined, options)
}

/** What changed in the text from one revision to another. */
export async function getDiff(
  id: string,
  from: number,
  to: number,
  options?: CallOptions,
): Promise<DiffRun[]> {
  const path = withQuery(`${pathOf(id)}/diff`, { from, to })
  return (await call<{ items: DiffRun[] }>('GET', path, undefined, options)).items
}

/** The same as `getDiff`, as patch reads it. */
export function unifiedDiff(
  id: string,
  from: number,
  to: number,
  options?: CallOptions,
): Promise<string> {
  return callText(withQuery(`${pathOf(id)}/diff`, { from, to }), 'text/x-diff', options)
}

/** The records after a revision, dense and in order: at most 1,000 at once. */
export async function getRecords(
  id: string,
  query: { after?: number; limit?: number } = {},
  options?: CallOptions,
): Promise<Committed[]> {
  const path = withQuery(`${pathOf(id)}/records`, query)
  return (await call<{ items: Committed[] }>('GET', path, undefined, options)).items
}

/** The content at a revision; without `rev` at the head. */
export async function contentAt(id: string, rev?: number, options?: CallOptions): Promise<Delta> {
  const text = await contentAs(id, 'application/vnd.quill.delta+json', rev, options)
  return new Delta(JSON.parse(text) as Op[])
}

/** The content at a revision as one of the media types that the server has for it. */
export function contentAs(
  id: string,
  mediaType: 'text/plain' | 'text/markdown' | 'text/html' | 'application/vnd.quill.delta+json',
  rev?: number,
  options?: CallOptions,
): Promise<string> {
  const path = withQuery(`${pathOf(id)}/content`, { ...(rev !== undefined && { rev }) })
  return callText(path, mediaType, options)
}

function withQuery(path: string, query: Record<string, string | number>): string {
  const parameters = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)]),
  )
  return parameters.size === 0 ? path : `${path}?${parameters}`
}
