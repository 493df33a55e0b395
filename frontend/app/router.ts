export type Route =
  | { page: 'home' }
  | { page: 'trash' }
  | { page: 'drafts' }
  | { page: 'groups' }
  | { page: 'administration'; tab?: Tab }
  | { page: 'account' }
  /**
   * `to` is where it leads, `failed` the code of a problem that ended a log-in elsewhere.
   * For `another` account it asks those too who are in already.
   */
  | { page: 'signin'; to: string; failed: string | null; another: boolean }
  /** The secret of a link; empty where the page was loaded again since. */
  | { page: 'redeem'; secret: string }
  | { page: 'document'; id: string; embedded: boolean }
  /** Came by a link to a document, which lets in whoever knows its secret. */
  | { page: 'join'; id: string; embedded: boolean; secret: string }
  | { page: 'history'; id: string; view: HistoryView }
  | { page: 'unknown' }

/** What administrators look at. */
export type Tab = 'people' | 'documents' | 'connections' | 'audit' | 'server'

const tabs: readonly string[] = ['people', 'documents', 'connections', 'audit', 'server']

/** What is looked at in a document's history; all that is left out is as it is at first. */
export interface HistoryView {
  /** Default: the newest. */
  readonly rev?: number
  readonly compare?: { readonly from: number; readonly to: number }
  /** Whether the text has its authors' colours. */
  readonly authors?: boolean
  /** Whether a name is asked for at once. */
  readonly naming?: boolean
}

const linkSecret = /^#link=([A-Za-z0-9_-]+)$/
const documentPath = /^\/d\/([A-Za-z0-9][A-Za-z0-9_-]{0,63})\/?$/

/** What the app shows at an address. */
export function parse(url: Pick<URL, 'pathname' | 'search' | 'hash'>): Route {
  if (url.pathname === '/') {
    const query = new URLSearchParams(url.search)
    const secret = /^#redeem=(.+)/.exec(url.hash)?.[1] ?? ''
    if (secret || query.has('redeem')) return { page: 'redeem', secret }
    if (query.has('signin')) {
      const to = localPath(query.get('to'))
      const another = query.has('another')
      return { page: 'signin', to, failed: query.get('failed'), another }
    }
    if (query.has('account')) return { page: 'account' }
    if (query.has('drafts')) return { page: 'drafts' }
    if (query.has('groups')) return { page: 'groups' }
    const tab = query.get('admin')
    if (tab !== null)
      return { page: 'administration', ...(tabs.includes(tab) && { tab: tab as Tab }) }
    return { page: query.has('trash') ? 'trash' : 'home' }
  }
  const id = documentPath.exec(url.pathname)?.[1]
  if (id === undefined) return { page: 'unknown' }
  const query = new URLSearchParams(url.search)
  const secret = linkSecret.exec(url.hash)?.[1]
  if (secret !== undefined) return { page: 'join', id, embedded: query.has('embed'), secret }
  if (query.has('history')) return { page: 'history', id, view: historyView(query) }
  return { page: 'document', id, embedded: query.has('embed') }
}

/** The page that asks who one is, and leads back. */
export function signInHref(to = '/', { another = false } = {}): string {
  const page = another ? '/?signin&another' : '/?signin'
  return to === '/' ? page : `${page}&to=${encodeURIComponent(to)}`
}

/** An address within the app; of any other, home: a link must not lead elsewhere behind a log-in. */
export function localPath(to: string | null): string {
  return to && /^\/(?![/\\])[\x21-\x7e]*$/.test(to) ? to : '/'
}

function historyView(query: URLSearchParams): HistoryView {
  const rev = revision(query.get('rev'))
  const [from, to] = (query.get('compare') ?? '').split('..').map(revision)
  return {
    ...(rev !== undefined && { rev }),
    ...(from !== undefined &&
      to !== undefined && { compare: { from: Math.min(from, to), to: Math.max(from, to) } }),
    ...(query.has('authors') && { authors: true }),
    ...(query.has('naming') && { naming: true }),
  }
}

function revision(text: string | null | undefined): number | undefined {
  return text && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** The address of a document, for links. */
export function documentHref(id: string): string {
  return `/d/${id}`
}

/** The address of a page for administrators, of the first one without a tab. */
export function adminHref(tab?: Tab, filter: Record<string, string> = {}): string {
  const given = Object.entries(filter).filter(([, value]) => value !== '')
  const query = new URLSearchParams(given).toString()
  return `/?admin${tab === undefined ? '' : `=${tab}`}${query && `&${query}`}`
}

/** The address of a document's history. */
export function historyHref(id: string, view: HistoryView = {}): string {
  const { rev, compare, authors, naming } = view
  return [
    `${documentHref(id)}?history`,
    ...(rev === undefined ? [] : [`rev=${rev}`]),
    ...(compare ? [`compare=${compare.from}..${compare.to}`] : []),
    ...(authors ? ['authors'] : []),
    ...(naming ? ['naming'] : []),
  ].join('&')
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
