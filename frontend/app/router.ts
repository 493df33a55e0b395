export type Route =
  | { page: 'home' }
  | { page: 'trash' }
  | { page: 'document'; id: string; embedded: boolean }
  | { page: 'unknown' }

const documentPath = /^\/d\/([A-Za-z0-9][A-Za-z0-9_-]{0,63})\/?$/

/** What the app shows at an address. */
export function parse(url: Pick<URL, 'pathname' | 'search'>): Route {
  if (url.pathname === '/') {
    return { page: new URLSearchParams(url.search).has('trash') ? 'trash' : 'home' }
  }
  const id = documentPath.exec(url.pathname)?.[1]
  if (id === undefined) return { page: 'unknown' }
  return { page: 'document', id, embedded: new URLSearchParams(url.search).has('embed') }
}

/** The address of a document, for links. */
export function documentHref(id: string): string {
  return `/d/${id}`
}

/**
 * The link within the app that a click follows, or undefined where the browser
 * is to do it: another site, a new tab or window, a download.
 */
export function followedLink(event: MouseEvent, origin: string): URL | undefined {
  if (event.defaultPrevented || event.button !== 0) return undefined
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (!link?.href || link.target || link.hasAttribute('download')) return undefined
  const url = new URL(link.href)
  return url.origin === origin && parse(url).page !== 'unknown' ? url : undefined
}
