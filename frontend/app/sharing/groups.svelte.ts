import {
  changeGroup,
  createGroup,
  deleteGroup,
  listGroups,
  listMembers,
  type Group,
  type Member,
} from '#client'
import { words } from '../words/index.svelte'
import { explainSharing } from './explain'

/** The groups of the server, and what an administrator does with them. What is read from it is reactive. */
export class Groups {
  groups = $state.raw<readonly Group[]>([])
  members = $state.raw<readonly Member[]>([])
  loaded = $state(false)
  /** Why they could not be loaded. */
  failure = $state.raw<unknown>()
  /** What the last change came to, in words. */
  problem = $state('')
  done = $state('')

  async load(): Promise<void> {
    this.failure = undefined
    try {
      ;[this.groups, this.members] = await Promise.all([listGroups(), listMembers()])
      this.loaded = true
    } catch (error) {
      this.failure = error
    }
  }

  create(name: string): Promise<boolean> {
    return this.#change(words().groups.created(name), () => createGroup({ name }))
  }

  rename({ id }: Group, name: string): Promise<boolean> {
    return this.#change(words().groups.renamed(name), () => changeGroup(id, { name }))
  }

  add({ id, name, members }: Group, person: { id: string; name: string }): Promise<boolean> {
    return this.#change(words().groups.added(person.name, name), () =>
      changeGroup(id, { members: [...members, person.id] }),
    )
  }

  takeOut({ id, name, members }: Group, person: { id: string; name: string }): Promise<boolean> {
    return this.#change(words().groups.takenOut(person.name, name), () =>
      changeGroup(id, { members: members.filter((other) => other !== person.id) }),
    )
  }

  delete({ id, name }: Group): Promise<boolean> {
    return this.#change(words().groups.deleted(name), () => deleteGroup(id))
  }

  async #change(done: string, make: () => Promise<unknown>): Promise<boolean> {
    this.problem = this.done = ''
    try {
      await make()
      this.done = done
      return true
    } catch (error) {
      this.problem = explainSharing(error)
      return false
    } finally {
      await this.load()
    }
  }
}
