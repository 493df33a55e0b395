import type { Kind } from '#client'
import type { Op } from 'quill-delta'

/** Text that could not become part of its document, kept for the person in this browser. */
export interface Draft {
  id: string
  document: string
  /** Whose it is, see `keeper`. */
  owner?: string
  title: string
  kind: Kind
  language: string
  /** In Unix milliseconds. */
  at: number
  /** The close code, or the code of the refusal. */
  why: number | string
  /** What was written. */
  text: string
  /** The whole document with that in it, where it was known. */
  content?: Op[]
  /** Whose rows have it as pending edits still: they merge where the document comes back. */
  tab?: string
}
