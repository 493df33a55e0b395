/** Finding, making, changing and removing documents. */
import type { Kind, Role, User } from '../wire'
import { apiUrl, call, pathOf, type CallOptions, type Page } from './call'

export interface DocumentInfo {
  readonly id: string
  readonly kind: Kind
  readonly title: string
  readonly language: string
  readonly epoch: string
  readonly revision: number
  /** UTF-16 units. */
  readonly length: number
  /** RFC 3339, as all times here. */
  readonly createdAt: string
  readonly updatedAt: string
  readonly createdBy: User
  readonly role: Role
}

export interface ListQuery {
  q?: string
  sort?: 'updated' | 'title' | 'created'
  trashed?: boolean
  limit?: number
  cursor?: string
}

export interface NewDocument {
  id?: string
  kind?: Kind
  title?: string
  language?: string
  content?: string
}

export function listDocuments(
  query: ListQuery = {},
  options?: CallOptions,
): Promise<Page<DocumentInfo>> {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) parameters.set(name, String(value))
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
  patch: { title?: string; language?: string },
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

export type ExportFormat = 'txt' | 'md' | 'html' | 'delta' | 'archive'

/** The address of a document as a file; `archive` is the document with its whole history. */
export function exportUrl(id: string, format: ExportFormat, { url }: CallOptions = {}): string {
  const path = format === 'archive' ? '/archive' : `/export?format=${format}`
  return apiUrl(url, pathOf(id) + path)
}
