import {
  ApiError,
  createLink,
  deleteLink,
  getDocument,
  leaveDocument,
  listAccess,
  listGroups,
  listLinks,
  listMembers,
  removeAccess,
  setAccess,
  transferDocument,
  type DocumentInfo,
  type Grant,
  type Group,
  type LinkOptions,
  type Member,
  type NewShareLink,
  type Role,
  type ShareLink,
} from '#client'
import { words } from '../words/index.svelte'
import { explainSharing } from './explain'
import { subjectOf, subjectsOf, type Subject } from './subjects'

/** Who has access to a document, and what this person may change about it. What is read from it is reactive. */
export class Sharing {
  readonly id: string
  #members = $state.raw<readonly Member[]>([])
  #groups = $state.raw<readonly Group[]>([])
  document = $state.raw<DocumentInfo>()
  /** Undefined for a guest, who meets no people. */
  grants = $state.raw<readonly Grant[]>()
  links = $state.raw<readonly ShareLink[]>([])
  /** All whom the document can be shared with. */
  readonly subjects: readonly Subject[] = $derived(subjectsOf(this.#members, this.#groups))
  readonly manages = $derived(this.document?.role === 'owner')
  /** Why it could not be loaded. */
  failure = $state.raw<unknown>()
  /** What the last change came to, in words. */
  problem = $state('')
  done = $state('')

  constructor(id: string) {
    this.id = id
  }

  async load(): Promise<void> {
    this.failure = undefined
    try {
      const [document, grants] = await Promise.all([
        getDocument(this.id),
        unlessForbidden(listAccess(this.id)),
      ])
      if (grants) {
        ;[this.#members, this.#groups] = await Promise.all([listMembers(), listGroups()])
      }
      this.links = document.role === 'owner' && grants ? await listLinks(this.id) : []
      this.grants = grants
      this.document = document
    } catch (error) {
      this.failure = error
    }
  }

  subjectOf(grant: Grant): Subject {
    return subjectOf(grant, this.subjects)
  }

  /** Whether a person is in the group that was given a role. */
  isIn(person: string, subject: string): boolean {
    return this.#groups.some(({ id, members }) => id === subject && members.includes(person))
  }

  give({ id, name }: Subject, role: Role): Promise<boolean> {
    return this.#change(async () => {
      await setAccess(this.id, id, role)
      return words().sharing.given(name, words().sharing.roles[role])
    })
  }

  take({ id, name }: Subject): Promise<boolean> {
    return this.#change(async () => {
      await removeAccess(this.id, id)
      return words().sharing.taken(name)
    })
  }

  handOver({ id, name }: Subject): Promise<boolean> {
    return this.#change(async () => {
      await transferDocument(this.id, id)
      return words().sharing.transferred(name)
    })
  }

  revoke({ id }: ShareLink): Promise<boolean> {
    return this.#change(async () => {
      await deleteLink(this.id, id)
      return words().sharing.revoked
    })
  }

  /** The link with its secret, or undefined where it could not be made. */
  async addLink(options: LinkOptions): Promise<NewShareLink | undefined> {
    let made: NewShareLink | undefined
    await this.#change(async () => {
      made = await createLink(this.id, options)
      return ''
    })
    return made
  }

  /** Nothing is asked of the document afterwards: it may be out of reach. */
  async leave(): Promise<boolean> {
    this.problem = ''
    try {
      await leaveDocument(this.id)
      return true
    } catch (error) {
      this.problem = explainSharing(error)
      return false
    }
  }

  /** Makes a change, and shows what is then, also where it failed: what is seen may be old. */
  async #change(make: () => Promise<string>): Promise<boolean> {
    this.problem = this.done = ''
    try {
      this.done = await make()
      return true
    } catch (error) {
      this.problem = explainSharing(error)
      return false
    } finally {
      await this.load()
    }
  }
}

async function unlessForbidden<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return undefined
    throw error
  }
}
