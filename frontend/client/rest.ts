/** The parts of the REST interface that an app needs around its editors. */
import type { Kind, Role, User } from './wire'

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

export interface Page<Item> {
  readonly items: readonly Item[]
  /** The cursor of the next page; left out on the last. */
  readonly next?: string
}

/** Where a call goes and as whom; the default is the page's own origin. */
export interface CallOptions {
  url?: string
  token?: string
  signal?: AbortSignal
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

/** What the server answered instead, or `status` 0 and code `unreachable` where nobody did. */
export class ApiError extends Error {
  readonly status: number
  /** Stable, for programs; `message` is for people. */
  readonly code: string

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ApiError'
    this.status = status
    this.code = code
  }
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

/** The address of a path under `/api/v1`, on the server at `base`. */
export function apiUrl(base: string | undefined, path: string): string {
  return `${(base ?? location.origin).replace(/\/+$/, '')}/api/v1${path}`
}

function pathOf(id: string): string {
  return `/documents/${encodeURIComponent(id)}`
}

async function call<T>(
  method: string,
  path: string,
  body: object | undefined,
  { url, token, signal }: CallOptions = {},
): Promise<T> {
  const request: RequestInit = {
    method,
    headers: {
      Accept: 'application/json',
      // The media type of a JSON merge patch is its own (RFC 7396).
      ...(body && {
        'Content-Type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      }),
      ...(token && { Authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }
  let response: Response
  try {
    response = await fetch(apiUrl(url, path), request)
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError(0, 'unreachable', 'The server could not be reached.', { cause })
  }
  if (!response.ok) throw await problemOf(response)
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** Reads problem+json; what is none (a proxy's page) becomes code `unknown`. */
async function problemOf(response: Response): Promise<ApiError> {
  const fallback = response.statusText || `The server answered ${response.status}.`
  try {
    const problem = (await response.json()) as { code?: string; detail?: string; title?: string }
    return new ApiError(
      response.status,
      problem.code ?? 'unknown',
      problem.detail ?? problem.title ?? fallback,
    )
  } catch {
    return new ApiError(response.status, 'unknown', fallback)
  }
}
