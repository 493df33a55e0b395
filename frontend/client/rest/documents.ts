/** Finding, making, changing and removing documents. */
import type { Op } from 'quill-delta'
import type { Kind, Role, User } from '../wire'
import { call, pathOf, type CallOptions, type Page } from './call'

export interface DocumentInfo {
  readonly id: string
  readonly kind: Kind
  readonly title: string
  readonly language: string
  readonly tags: readonly string[]
  readonly epoch: string
  readonly revision: number
  /** UTF-16 units. */
  readonly length: number
  /** RFC 3339, as all times here. */
  readonly createdAt: string
  readonly updatedAt: string
  /** Where the document is in the trash: since when. */
  readonly trashedAt?: string
  readonly createdBy: User
  readonly role: Role
}

/** A stretch of a text, in UTF-16 units; the end is not part of it. */
export interface Mark {
  readonly start: number
  readonly end: number
}

/** A document as lists show it. */
export interface ListedDocument extends DocumentInfo {
  /** How the text begins, at most 160 units; left out in the results of a search. */
  readonly excerpt?: string
  /** Who is in it now, each person once: the first few. */
  readonly people?: readonly { readonly name: string; readonly color: string }[]
  /** How many persons are in it now. */
  readonly peopleCount?: number
  /** In the results of a search: where its words stand in the title. */
  readonly titleMarks?: readonly Mark[]
  /** In the results of a search: a piece of the text that shows its words. */
  readonly snippet?: { readonly text: string; readonly marks: readonly Mark[] }
}

/** A page of documents. */
export interface DocumentList extends Page<ListedDocument> {
  /** In the results of a search: how many documents have changed since they were last read for it. */
  readonly pending?: number
}

export interface ListQuery {
  /** Words to look for in titles, tags and contents. The best matches come first unless `sort` says otherwise. */
  q?: string
  sort?: 'updated' | 'title' | 'created'
  kind?: Kind
  /** Documents that have all of these tags. */
  tags?: readonly string[]
  /** What is in the trash, and only that. */
  trashed?: boolean
  limit?: number
  cursor?: string
}

export interface NewDocument {
  id?: string
  kind?: Kind
  title?: string
  language?: string
  tags?: readonly string[]
  /** For `rich` a delta, too. */
  content?: string | Op[]
}

export function listDocuments(
  { tags = [], ...query }: ListQuery = {},
  options?: CallOptions,
): Promise<DocumentList> {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) parameters.set(name, String(value))
  for (const tag of tags) parameters.append('tag', tag)
  return call('GET', `/documents?${parameters}`, undefined, options)
}

export function createDocument(
  document: NewDocument = {},
  options?: CallOptions,
): Promise<DocumentInfo> {
  return call('POST', '/documents', document, options)
}

export function getDocument(id: string, options?: CallOptions): Promise<DocumentInfo> {
  return call('GET', pathOf(id), undefined, options)
}

export function patchDocument(
  id: string,
  patch: { title?: string; language?: string; tags?: readonly string[] },
  options?: CallOptions,
): Promise<DocumentInfo> {
  return call('PATCH', pathOf(id), patch, options)
}

/** Moves a document to the trash, or deletes it for good. */
export function deleteDocument(
  id: string,
  { permanent = false, ...options }: CallOptions & { permanent?: boolean } = {},
): Promise<void> {
  return call('DELETE', pathOf(id) + (permanent ? '?permanent=true' : ''), undefined, options)
}

/** Brings a document back from the trash. */
export function restoreDocument(id: string, options?: CallOptions): Promise<void> {
  return call('POST', `${pathOf(id)}/restore`, undefined, options)
}

/** Makes a document of its own with the content of another, as it is or as it was at `rev`. */
export function duplicateDocument(
  id: string,
  copy: { title?: string; rev?: number; tags?: readonly string[] } = {},
  options?: CallOptions,
): Promise<DocumentInfo> {
  return call('POST', `${pathOf(id)}/duplicate`, copy, options)
}

/** Deletes for good all that is in the trash. */
export function emptyTrash(options?: CallOptions): Promise<void> {
  return call('DELETE', '/trash', undefined, options)
}

/** The tags in use, by the alphabet, and how many documents have each. */
export async function listTags(
  options?: CallOptions,
): Promise<readonly { readonly tag: string; readonly documents: number }[]> {
  const { items } = await call<Page<{ tag: string; documents: number }>>(
    'GET',
    '/tags',
    undefined,
    options,
  )
  return items
}
