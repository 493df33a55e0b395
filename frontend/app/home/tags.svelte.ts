import { listTags } from '#client'

/** The tags in use, those of most documents first. */
export class TagsInUse {
  items = $state.raw<readonly string[]>([])
  #loads = 0

  async load(): Promise<void> {
    const load = ++this.#loads
    try {
      const tags = await listTags()
      if (load !== this.#loads) return
      this.items = [...tags].sort((a, b) => b.documents - a.documents).map(({ tag }) => tag)
    } catch {
      // The list, which is asked for at the same time, says what is wrong; tags are a help beside it.
    }
  }
}

/** The tags that a typed text adds to others: each once, as typed, by commas. */
export function withTags(tags: readonly string[], typed: string): readonly string[] {
  const added = typed.split(',').map((tag) => tag.trim())
  return [...tags, ...added].filter((tag, at, all) => tag && all.indexOf(tag) === at)
}
