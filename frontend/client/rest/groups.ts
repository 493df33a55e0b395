/** The people of a server with accounts, and groups of them, to share documents with. */
import { call, type CallOptions, type Page } from './call'

/** Somebody who has an account. */
export interface Member {
  readonly id: string
  /** What they log in with. */
  readonly login: string
  readonly name: string
  readonly administrator: boolean
  /** RFC 3339. */
  readonly createdAt: string
}

/** People who are given roles together. */
export interface Group {
  readonly id: string
  readonly name: string
  /** The ids of people. */
  readonly members: readonly string[]
  /** RFC 3339. */
  readonly createdAt: string
}

/** All who have an account, by their names: for those who have one themselves. */
export async function listMembers(options?: CallOptions): Promise<readonly Member[]> {
  return (await call<Page<Member>>('GET', '/people', undefined, options)).items
}

/** All groups, by their names. */
export async function listGroups(options?: CallOptions): Promise<readonly Group[]> {
  return (await call<Page<Group>>('GET', '/groups', undefined, options)).items
}

export function createGroup(
  group: { name: string; members?: readonly string[] },
  options?: CallOptions,
): Promise<Group> {
  return call('POST', '/groups', group, options)
}

/** Renames a group, or says who is in it. */
export function changeGroup(
  id: string,
  change: { name?: string; members?: readonly string[] },
  options?: CallOptions,
): Promise<Group> {
  return call('PATCH', groupPath(id), change, options)
}

/** Removes a group, and all that was granted to it. */
export function deleteGroup(id: string, options?: CallOptions): Promise<void> {
  return call('DELETE', groupPath(id), undefined, options)
}

function groupPath(id: string): string {
  return `/groups/${encodeURIComponent(id)}`
}
