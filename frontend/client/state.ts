import type Delta from 'quill-delta'
import type { DocumentStorage } from './storage'
import type { Token } from './token'
import type { ChatFrame, Kind, Limits, Person, Role, User } from './wire'

export interface DocumentOptions {
  /** Where the server is; default: the page's own origin. */
  url?: string
  id: string
  /** How others see this person: at most 64 units, and `#rrggbb`. */
  name?: string
  color?: string
  /** Default: that of `useToken`, or the log-in that the browser has at the server. */
  token?: Token
  /** The secret of this editor instance; default: a random one. No two instances share one. */
  key?: string
  /** Where the document is kept over the life of the tab; default: nowhere. */
  storage?: DocumentStorage
}

/** What the server did not take, and what was therefore taken back here. */
export interface Refusal {
  /**
   * The server's; or `replaced`: the document has become another one; or `restored`: a
   * backup was, and what had been saved after it is in the document no more.
   */
  readonly code: string
  readonly message: string
  /** What it wrote, or what is gone. */
  readonly text: string
  /** The whole content with that in it, where it was restored. */
  readonly content?: Delta
}

/** What is known of a document. An object is never changed: each change makes a new one. */
export interface DocumentState {
  readonly status: 'connecting' | 'online' | 'offline' | 'stopped'
  /** Whether the content has come: before that nothing can be edited. */
  readonly loaded: boolean
  /** Whether all edits made here are durable on the server. */
  readonly saved: boolean
  /** How many edits made here are not. */
  readonly pending: number
  /** Whether they outlive the tab, since they are stored on this device too. */
  readonly kept: boolean
  readonly revision: number
  readonly role: Role
  readonly kind: Kind
  readonly title: string
  readonly language: string
  /** Who the server takes the person for. */
  readonly user?: User
  /** The id of the newest message of the conversation at the time of the last connection. */
  readonly lastMessage?: number
  readonly limits?: Limits
  /** Why no connection is tried any more; `connect` tries again. */
  readonly stopped?: { readonly code: number; readonly reason: string }
  /** When the next connection is tried, in Unix milliseconds. */
  readonly retryAt?: number
  /** What was taken back, until `discardRefused`. */
  readonly refusals: readonly Refusal[]
}

export interface DocumentEvents {
  state: DocumentState
  /** Not sent for the person's own edits, over which an editor carries what it shows. */
  people: readonly Person[]
  /** To be applied to what the editor shows. */
  remote: Delta
  /** The whole content was replaced: the change from the old one to the new one. */
  reset: Delta
  meta: Pick<DocumentState, 'title' | 'language' | 'role'>
  /** From an administrator, to be shown. */
  notice: string
  refused: Refusal
  /** For `Chat`, which makes a conversation of it. */
  chat: ChatFrame
}

/**
 * The code with which a document stops where the server takes the person for somebody
 * else than the one who has written in it: what is pending is sent as that one's, or
 * not at all. (It is the client's own; the contract has no close code of that number.)
 */
export const anotherPerson = 4900

/** Whether `next` may send what `before` wrote: a guest may turn out to be anybody. */
export function isSamePerson(before: User, next: User): boolean {
  return before.id === next.id || before.id.startsWith('guest:')
}

/** Whether the person's edits would be taken: bindings let nobody type in vain. */
export function mayEdit({ loaded, role, status }: DocumentState): boolean {
  return loaded && status !== 'stopped' && (role === 'owner' || role === 'editor')
}
