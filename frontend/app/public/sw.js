/**
 * Opens the app where the server cannot be reached. Pages come from the network
 * whenever it has them, so that a new version is seen at once; without it, the page
 * that belongs to this very script, with the files that it loads. What the build
 * puts in here changes with every version, and with it this file.
 */
const version = '__VERSION__'
const shell = ['/', ...'__SHELL__'.split(' ')]

const cacheName = `tutti-${version}`
/** A line that is up but gets nothing through, in milliseconds. */
const patience = 5_000

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(cacheName)
      // Not the browser's own copies: those may be of another version.
      .then((cache) => cache.addAll(shell.map((url) => new Request(url, { cache: 'reload' }))))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => event.waitUntil(forgetOthers()))

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate') {
    if (pathname === '/' || pathname.startsWith('/d/')) event.respondWith(page(request))
  } else if (pathname.startsWith('/assets/')) {
    event.respondWith(asset(request))
  }
})

async function page(request) {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(patience) })
    // A proxy whose server is away.
    if (response.status < 502 || response.status > 504) return response
    return (await caches.match('/', { cacheName })) ?? response
  } catch (error) {
    const kept = await caches.match('/', { cacheName })
    if (kept) return kept
    throw error
  }
}

/** Their names hold a hash of their content, so that a copy is never out of date. */
async function asset(request) {
  const kept = await caches.match(request)
  if (kept) return kept
  const response = await fetch(request)
  if (response.status === 200) {
    const cache = await caches.open(cacheName)
    await cache.put(request, response.clone())
  }
  return response
}

/** All but the one before, which tabs of that version may still load parts from. */
async function forgetOthers() {
  const others = (await caches.keys()).filter(
    (key) => key.startsWith('tutti-') && key !== cacheName,
  )
  await Promise.all(others.slice(0, -1).map((key) => caches.delete(key)))
  await self.clients.claim()
}
