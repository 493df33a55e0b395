/** Who has access to a document, on a server with accounts, and the links that let others in. */
import type { Role } from '../wire'
import { call, pathOf, type CallOptions, type Page } from './call'

/** The subject of a grant to all who have logged in. */
export const everyone = 'everyone'

/** A role that somebody was given in a document. */
export interface Grant {
  /** The id of a person or a group, or `everyone`. */
  readonly subject: string
  /** Of the person or the group. */
  readonly name?: string
  readonly role: Role
}

/** A link to a document, for people without an account too. */
export interface ShareLink {
  readonly id: string
  readonly role: Exclude<Role, 'owner'>
  /** Whether it takes one. */
  readonly password: boolean
  /** How many browsers it lets in; left out: any number. */
  readonly uses?: number
  readonly used: number
  /** RFC 3339, as all times here. */
  readonly createdAt: string
  readonly expiresAt?: string
}

/** A link as it is answered once, when it is made: nobody can read its secret later. */
export interface NewShareLink extends ShareLink {
  readonly secret: string
  /** With the secret in its fragment, which no browser sends. */
  readonly url: string
}

export interface LinkOptions {
  role: Exclude<Role, 'owner'>
  /** 8 to 1024 bytes. */
  password?: string
  /** RFC 3339. */
  expiresAt?: string
  /** How many browsers it lets in, from 1 to 1,000,000. */
  uses?: number
}

/** Whoever was given a role: for all who have access and an account. */
export async function listAccess(id: string, options?: CallOptions): Promise<readonly Grant[]> {
  const path = `${pathOf(id)}/access`
  return (await call<Page<Grant>>('GET', path, undefined, options)).items
}

/** Gives a role in the place of the one that the subject had. */
export function setAccess(
  id: string,
  subject: string,
  role: Role,
  options?: CallOptions,
): Promise<Grant> {
  return call('PUT', accessPath(id, subject), { role }, options)
}

export function removeAccess(id: string, subject: string, options?: CallOptions): Promise<void> {
  return call('DELETE', accessPath(id, subject), undefined, options)
}

function accessPath(id: string, subject: string): string {
  return `${pathOf(id)}/access/${encodeURIComponent(subject)}`
}

/** Makes somebody else the owner, in one's own place: one stays as an editor. */
export function transferDocument(
  id: string,
  person: string,
  options?: CallOptions,
): Promise<Grant> {
  return call('PUT', `${pathOf(id)}/owner`, { person }, options)
}

/** Gives up one's own role. */
export function leaveDocument(id: string, options?: CallOptions): Promise<void> {
  return call('POST', `${pathOf(id)}/leave`, undefined, options)
}

/** The links that may still let somebody in, the newest first. */
export async function listLinks(id: string, options?: CallOptions): Promise<readonly ShareLink[]> {
  const path = `${pathOf(id)}/links`
  return (await call<Page<ShareLink>>('GET', path, undefined, options)).items
}

export function createLink(
  id: string,
  link: LinkOptions,
  options?: CallOptions,
): Promise<NewShareLink> {
  return call('POST', `${pathOf(id)}/links`, link, options)
}

/** Revokes a link: whom it has let in is out. */
export function deleteLink(id: string, link: string, options?: CallOptions): Promise<void> {
  return call('DELETE', `${pathOf(id)}/links/${encodeURIComponent(link)}`, undefined, options)
}

/**
 * Uses a link, by the secret of its address: this browser may then open the
 * document. Fails with `password_needed` where the link takes another password
 * than was given, with `not_found` where it lets nobody in any more.
 */
export function joinByLink(
  secret: string,
  password?: string,
  options?: CallOptions,
): Promise<{ readonly document: string; readonly role: Role }> {
  const body = { secret, ...(password !== undefined && { password }) }
  return call('POST', '/join', body, options)
}
