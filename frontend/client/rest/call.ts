/** Calls of the REST interface: where they go, as whom, and how they fail. */
import { tokenOr, type Token } from '../token'

export interface Page<Item> {
  readonly items: readonly Item[]
  /** The cursor of the next page; left out on the last. */
  readonly next?: string
}

/** Where a call goes and as whom; the default is the page's own origin, and its log-in there. */
export interface CallOptions {
  url?: string
  token?: Token
  signal?: AbortSignal
}

/** What the server answered instead, or `status` 0 and code `unreachable` where nobody did. */
export class ApiError extends Error {
  readonly status: number
  /** Stable, for programs; `message` is for people. */
  readonly code: string
  /** Seconds to wait before another try, where the server says so. */
  readonly retryAfter?: number

  constructor(
    status: number,
    code: string,
    message: string,
    options?: ErrorOptions & { retryAfter?: number },
  ) {
    super(message, options)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    if (options?.retryAfter !== undefined) this.retryAfter = options.retryAfter
  }
}

/** The address of a path under `/api/v1`, on the server at `base`. */
export function apiUrl(base: string | undefined, path: string): string {
  return `${(base ?? location.origin).replace(/\/+$/, '')}/api/v1${path}`
}

/** The path of a document. */
export function pathOf(id: string): string {
  return `/documents/${encodeURIComponent(id)}`
}

/** Makes a call with JSON and reads the JSON of the answer. Throws an ApiError for every answer that is no success. */
export async function call<T>(
  method: string,
  path: string,
  body: object | undefined,
  options?: CallOptions,
): Promise<T> {
  // The media type of a JSON merge patch is its own (RFC 7396).
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
  const headers = { Accept: 'application/json', ...(body && { 'Content-Type': type }) }
  const response = await send(method, path, headers, body && JSON.stringify(body), options)
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** Gets a text in the media type that is asked for. Throws as `call` does. */
export async function callText(
  path: string,
  mediaType: string,
  options?: CallOptions,
): Promise<string> {
  return (await send('GET', path, { Accept: mediaType }, undefined, options)).text()
}

/** Makes a call with any body. Throws an ApiError for every answer that is no success. */
export function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | Blob | FormData | undefined,
  { url, token, signal }: CallOptions = {},
): Promise<Response> {
  return showing(token, async (bearer) => {
    const request: RequestInit = {
      method,
      headers: { ...headers, ...(bearer && { Authorization: `Bearer ${bearer}` }) },
      ...(body !== undefined && { body }),
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
    return response
  })
}

/** Makes a call with a token, and once more with another one where it was refused. */
export async function showing<T>(
  own: Token | undefined,
  make: (bearer: string | undefined) => Promise<T>,
): Promise<T> {
  const token = tokenOr(own)
  if (typeof token !== 'function') return make(token)
  const bearer = await token()
  try {
    return await make(bearer)
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error
    const another = await token(bearer)
    if (another === bearer) throw error
    return make(another)
  }
}

/** Reads problem+json; what is none (a proxy's page) becomes code `unknown`. */
async function problemOf(response: Response): Promise<ApiError> {
  const { status, statusText, headers } = response
  const wait = Number(headers.get('Retry-After')) || undefined
  return problemFrom(status, statusText, await response.text().catch(() => ''), wait)
}

export function problemFrom(
  status: number,
  statusText: string,
  body: string,
  retryAfter?: number,
): ApiError {
  const fallback = statusText || `The server answered ${status}.`
  try {
    const problem = JSON.parse(body) as { code?: string; detail?: string; title?: string }
    const message = problem.detail ?? problem.title ?? fallback
    return new ApiError(
      status,
      problem.code ?? 'unknown',
      message,
      retryAfter === undefined ? {} : { retryAfter },
    )
  } catch {
    return new ApiError(status, 'unknown', fallback)
  }
}
