import type { Kind, ListQuery } from '#client'

/** What of the documents is to be seen, and in which order. It stands in the page's address. */
export interface View {
  query: string
  /** Left out: the last change first, or the best match of a search. */
  sort: ListQuery['sort'] | undefined
  kind: Kind | undefined
  tags: readonly string[]
}

export const everything: View = { query: '', sort: undefined, kind: undefined, tags: [] }

const sorts = ['updated', 'title', 'created'] as const
const kinds = ['text', 'rich'] as const

/** The view in the query of an address; what is none is left out. */
export function readView(search: string): View {
  const parameters = new URLSearchParams(search)
  const sort = parameters.get('sort')
  const kind = parameters.get('kind')
  return {
    query: parameters.get('q') ?? '',
    sort: sorts.find((known) => known === sort),
    kind: kinds.find((known) => known === kind),
    tags: parameters.getAll('tag').filter(Boolean),
  }
}

/** The address of a view, of the documents or of the trash. */
export function viewHref(view: View, trashed: boolean): string {
  const parameters = new URLSearchParams()
  if (view.query) parameters.set('q', view.query)
  if (view.sort) parameters.set('sort', view.sort)
  if (view.kind) parameters.set('kind', view.kind)
  for (const tag of view.tags) parameters.append('tag', tag)
  const shown = parameters.toString()
  const query = trashed ? ['trash', shown].filter(Boolean).join('&') : shown
  return query ? `/?${query}` : '/'
}

/** Whether a view leaves anything out. */
export function isFiltered({ query, kind, tags }: View): boolean {
  return query.trim() !== '' || kind !== undefined || tags.length > 0
}

/** What the server is asked for a view. */
export function listQuery({ query, sort, kind, tags }: View, trashed: boolean): ListQuery {
  const q = query.trim()
  return {
    ...(q && { q }),
    ...(sort && { sort }),
    ...(kind && { kind }),
    ...(tags.length > 0 && { tags }),
    trashed,
  }
}
