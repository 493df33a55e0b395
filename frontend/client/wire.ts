/**
 * The frames of the subprotocol `tutti.v1`. Every position and length in them
 * counts UTF-16 code units, an embed counting one.
 */
import type { Op } from 'quill-delta'

export const subprotocol = 'tutti.v1'

export type Kind = 'text' | 'rich'
export type Role = 'owner' | 'editor' | 'commenter' | 'viewer'

export interface User {
  readonly id: string
  readonly name: string
}

export interface Cursor {
  readonly anchor: number
  readonly head: number
}

/** Another session in the document: one person may have several. */
export interface Person {
  readonly session: string
  readonly client: string
  readonly user: User
  readonly name: string
  /** `#rrggbb`. */
  readonly color: string
  readonly cursor: Cursor | null
}

export interface Limits {
  /** Bytes of a frame. */
  readonly frame: number
  /** Bytes of a delta's JSON. */
  readonly delta: number
  /** UTF-16 units of a document. */
  readonly document: number
  /** Deltas a second. */
  readonly rate: number
}

/** One committed delta. `op` is left out only towards its own author. */
export interface Committed {
  readonly rev: number
  readonly client: string
  readonly seq: number
  readonly user: string
  /** Unix milliseconds. */
  readonly at: number
  readonly op?: Op[]
}

export interface Hello {
  t: 'hello'
  key: string
  rev?: number
  epoch?: string
  token?: string
  name?: string
  color?: string
}

export interface OpFrame {
  t: 'op'
  seq: number
  rev: number
  op: Op[]
}

/** A line of the conversation beside a document. */
export interface ChatMessage {
  /** From 1, in the order in which they were said. */
  readonly id: number
  readonly user: User
  /** `#rrggbb`; programs have none. */
  readonly color?: string
  readonly text: string
  /** Unix milliseconds. */
  readonly at: number
}

export interface DeletedMessage {
  readonly id: number
  readonly deleted: true
}

export type ClientFrame =
  | Hello
  | OpFrame
  | { t: 'presence'; rev: number; cursor: Cursor | null }
  | { t: 'check'; rev: number; hash: string }
  | { t: 'ping'; n: number }
  /** Another one of the same person, before that of the hello ends. */
  | { t: 'token'; token: string }
  | { t: 'chat'; text: string }

/** An epoch, and its last revision that is part of a history. */
export interface Origin {
  readonly epoch: string
  readonly rev: number
}

export interface Welcome {
  t: 'welcome'
  session: string
  client: string
  seq: number
  epoch: string
  rev: number
  kind: Kind
  title: string
  language: string
  role: Role
  user: User
  people: Person[]
  limits: Limits
  /** The id of the newest message of the conversation; 0 for none. */
  chat?: { last: number }
  /** The epochs of which backups were restored on the way to this one, the oldest first. */
  lineage?: Origin[]
  content?: Op[]
  records?: Committed[]
}

export type PresenceChange = Person | { readonly session: string; readonly gone: true }

export interface Refused {
  t: 'refused'
  seq: number
  code: string
  message: string
}

export interface Bye {
  t: 'bye'
  code: number
  reason: string
  /** Seconds. */
  retryAfter?: number
}

/** What the server says of the conversation. */
export type ChatFrame =
  | Pick<Welcome, 't' | 'chat'>
  | { t: 'chat'; messages: (ChatMessage | DeletedMessage)[] }
  | { t: 'chat_refused'; code: string; message: string }

export type ServerFrame =
  | Welcome
  | Exclude<ChatFrame, { t: 'welcome' }>
  | { t: 'records'; records: Committed[] }
  | { t: 'presence'; people: PresenceChange[] }
  | { t: 'meta'; title?: string; language?: string; role?: Role }
  | { t: 'notice'; text: string }
  | Refused
  | { t: 'diverged'; rev: number }
  | { t: 'pong'; n: number }
  | Bye
