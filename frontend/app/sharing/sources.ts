import { everyone } from '#client'
import type { Self } from '../account/self.svelte'
import type { Sharing } from './sharing.svelte'

/** Whence somebody has their role in a document. */
export interface Sources {
  /** Whether it was given to them by name: only that can be given up. */
  own: boolean
  /** The groups, or everyone, that it was given to. */
  through: string[]
  byLink: boolean
}

export function sourcesOf(sharing: Sharing, me: Self): Sources {
  const id = me.state === 'in' ? me.id : ''
  const grants = sharing.grants ?? []
  const own = grants.some(({ subject }) => subject === id)
  const through = grants
    .filter(({ subject }) => subject === everyone || sharing.isIn(id, subject))
    .map((grant) => sharing.subjectOf(grant).name)
  return { own, through, byLink: !own && through.length === 0 }
}
