/** Running a server: its people, all of its documents, who is connected, what was done. For administrators. */
import type { Cursor, Kind, Role, User } from '../wire'
import { apiUrl, call, pathOf, type CallOptions, type Page } from './call'
import type { Member } from './groups'

/** A link that is good once: to an account, or to a new password. Times are RFC 3339. */
export interface Invitation {
  readonly id: string
  /** Whether it makes an administrator. */
  readonly administrator: boolean
  /** Whose password it sets anew; left out where it makes an account. */
  readonly person?: string
  readonly createdAt: string
  readonly expiresAt: string
}

/** An invitation as it is answered once, when it is made: nobody can read its secret later. */
export interface NewInvitation extends Invitation {
  readonly secret: string
  /** With the secret in its fragment, which no browser sends. */
  readonly url: string
}

/** A line of the audit log. */
export interface AuditEntry {
  readonly id: number
  /** RFC 3339. */
  readonly at: string
  /** `logged_in`, `granted`, `document_deleted` and others; more may come. */
  readonly action: string
  /** Who did it; an id of "" is a stranger. */
  readonly user: User
  readonly document?: string
  /** Of the document as it is now. */
  readonly title?: string
  /** To whom or to what it was done. */
  readonly subject?: string
  readonly subjectName?: string
  readonly detail?: string
  readonly address?: string
}

export interface AuditQuery {
  /** What somebody did, and what was done to them. */
  person?: string
  document?: string
  action?: string
  limit?: number
  cursor?: string
}

/** An open editor, of whomever and wherever. */
export interface Connection {
  readonly document: string
  readonly title?: string
  readonly session: string
  readonly client: string
  readonly user: User
  readonly name: string
  readonly color: string
  readonly role: Role
  /** RFC 3339. */
  readonly joinedAt: string
  /** How many of the newest revisions were not sent to it yet. */
  readonly behind: number
  readonly cursor: Cursor | null
}

/** A document as administrators see each there is: all but what is written in it. */
export interface InventoryItem {
  readonly id: string
  readonly kind: Kind
  readonly title: string
  readonly revision: number
  /** UTF-16 units. */
  readonly length: number
  /** How many bytes its records have on the disk. */
  readonly logBytes: number
  /** Its older records, which are packed: up to which revision, into how many bytes of those, and from how many. */
  readonly packed: { readonly revision: number; readonly bytes: number; readonly from: number }
  readonly files: number
  readonly fileBytes: number
  /** RFC 3339, as all times here. */
  readonly createdAt: string
  readonly updatedAt: string
  readonly trashedAt?: string
  readonly createdBy: User
  /** People and groups; without any it is the administrators'. */
  readonly owners: readonly User[]
  /** How many others were given a role. */
  readonly shared: number
  /** How many are in it now. */
  readonly peopleCount: number
}

export interface Inventory extends Page<InventoryItem> {
  /** How many documents were not counted to their ends yet: ask again. */
  readonly pending?: number
}

export interface InventoryQuery {
  /** What stands in a title, an id, or the name of an owner. */
  q?: string
  /** The id of a person or a group. */
  owner?: string
  sort?: 'updated' | 'created' | 'title' | 'revision' | 'size'
  /** What is in the trash, and only that. */
  trashed?: boolean
  limit?: number
  cursor?: string
}

/** What runs, and how large it is, in bytes. */
export interface ServerStats {
  readonly version: string
  readonly mode: 'open' | 'accounts'
  readonly startedAt: string
  /** Whether edits can be taken. */
  readonly ready: boolean
  readonly documents: { readonly active: number; readonly trashed: number; readonly open: number }
  readonly sessions: number
  /** With accounts. */
  readonly people?: number
  readonly groups?: number
  readonly sizes: {
    readonly database: number
    readonly accounts: number
    readonly search: number
    readonly files: number
    /** What of the database are the records of all documents. */
    readonly logs: number
    /** Left out where the system does not say. */
    readonly diskFree?: number
    readonly diskTotal?: number
  }
  /** How many documents were not counted to their ends yet. */
  readonly pending?: number
}

/** Makes somebody an administrator, or no longer one, or renames them. */
export function changeMember(
  id: string,
  change: { administrator?: boolean; name?: string },
  options?: CallOptions,
): Promise<Member> {
  return call('PATCH', memberPath(id), change, options)
}

/** Removes somebody. What they alone owned goes to the heir, or without one to the administrators. */
export function removeMember(
  id: string,
  { heir, ...options }: CallOptions & { heir?: string } = {},
): Promise<void> {
  const query = heir === undefined ? '' : `?${new URLSearchParams({ heir })}`
  return call('DELETE', memberPath(id) + query, undefined, options)
}

/** A link by which somebody sets a new password, in the place of one that was made before. */
export function resetMember(id: string, options?: CallOptions): Promise<NewInvitation> {
  return call('POST', `${memberPath(id)}/reset`, undefined, options)
}

/** A link by which somebody makes themselves an account. */
export function invite(
  invitation: { administrator?: boolean } = {},
  options?: CallOptions,
): Promise<NewInvitation> {
  return call('POST', '/invitations', invitation, options)
}

/** The links that are not used yet, the newest first. */
export async function listInvitations(options?: CallOptions): Promise<readonly Invitation[]> {
  return (await call<Page<Invitation>>('GET', '/invitations', undefined, options)).items
}

export function withdrawInvitation(id: string, options?: CallOptions): Promise<void> {
  return call('DELETE', `/invitations/${encodeURIComponent(id)}`, undefined, options)
}

/** Who did what, the newest first. With a filter a page may have few entries, and yet a `next`. */
export function listAudit(
  query: AuditQuery = {},
  options?: CallOptions,
): Promise<Page<AuditEntry>> {
  return call('GET', `/audit?${queryOf(query)}`, undefined, options)
}

/** Where server-sent events tell of each new entry, behind the one of an id. */
export function auditEventsUrl(after: number, { url }: Pick<CallOptions, 'url'> = {}): string {
  return apiUrl(url, `/audit/events?after=${after}`)
}

/** Who is connected, in the documents that one may read; administrators see all. */
export async function listConnections(options?: CallOptions): Promise<readonly Connection[]> {
  return (await call<Page<Connection>>('GET', '/sessions', undefined, options)).items
}

/** Ends a session; its editor stays away until its person connects it again. */
export function disconnect(session: string, options?: CallOptions): Promise<void> {
  return call('DELETE', `/sessions/${encodeURIComponent(session)}`, undefined, options)
}

/** Shows a text to one session, to all in a document, or to all. */
export function notify(
  text: string,
  { session, document, ...options }: CallOptions & { session?: string; document?: string } = {},
): Promise<void> {
  const path =
    session !== undefined
      ? `/sessions/${encodeURIComponent(session)}`
      : document === undefined
        ? ''
        : pathOf(document)
  return call('POST', `${path}/notice`, { text }, options)
}

/** All documents, and how much room they take up. */
export function listInventory(
  query: InventoryQuery = {},
  options?: CallOptions,
): Promise<Inventory> {
  return call('GET', `/inventory?${queryOf(query)}`, undefined, options)
}

export function getStats(options?: CallOptions): Promise<ServerStats> {
  return call('GET', '/stats', undefined, options)
}

function queryOf(query: object): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value))
  }
  return parameters
}

function memberPath(id: string): string {
  return `/people/${encodeURIComponent(id)}`
}
