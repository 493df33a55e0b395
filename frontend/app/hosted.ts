/**
 * A page in a frame of another site, which hands it a token for its person. That is
 * shown for everything then: neither a log-in nor a cookie is needed.
 *
 * The page asks by the message `{ tutti: 'token-wanted', document }`, when it begins
 * and whenever a token is about to end; the site answers `{ tutti: 'token', token }`.
 */
import { fetchFile } from '#client'
import { keptToken, useToken } from '#client/token'
import { hosts, isHosted } from './hosts'

/** A site that does not answer so soon, in milliseconds, has none: it is the browser's log-in then. */
const patience = 5_000

/** Asks the site around the page for a token. To be called before anything is asked of the server. */
export function meetHost(document: string): void {
  const token = keptToken(() => askFor(document))
  useToken(token)
  void token()
}

/** The token of the site around the page; empty where it gives none. */
function askFor(document: string): Promise<string> {
  return new Promise((resolve) => {
    const done = (token: string) => {
      removeEventListener('message', hear)
      clearTimeout(timer)
      resolve(token)
    }
    const hear = ({ source, origin, data }: MessageEvent<unknown>) => {
      if (source !== parent || !hosts().includes(origin)) return
      const { tutti, token } = (data ?? {}) as { tutti?: unknown; token?: unknown }
      if (tutti === 'token' && typeof token === 'string') done(token)
    }
    const timer = setTimeout(() => done(''), patience)
    addEventListener('message', hear)
    // There is nothing in it that just anybody must not see.
    parent.postMessage({ tutti: 'token-wanted', document }, '*')
  })
}

const fetched = new Map<string, Promise<string>>()

/** Shows a picture of this server, for which a frame of another site has to show its token. */
export function showPicture(image: HTMLImageElement, address: string): void {
  if (!isHosted() || !address.startsWith('/api/v1/documents/')) {
    image.setAttribute('src', address)
    return
  }
  let url = fetched.get(address)
  if (!url) {
    url = fetchFile(address).then((file) => URL.createObjectURL(file))
    url.catch(() => fetched.delete(address))
    fetched.set(address, url)
  }
  // As the browser does with one that it cannot get: the words for it stay.
  url.then((url) => image.setAttribute('src', url)).catch(() => image.removeAttribute('src'))
}
