// What the load generator asks of a peer beside its own protocol: to make a
// document with a text and so many edits behind it, and to collect garbage
// before its memory is looked at.

/** Answers a request if it is one of these; make(id, text, edits) makes a document. */
export async function answer(request, response, make) {
  const url = new URL(request.url, 'http://peer')
  if (request.method !== 'POST') return false
  if (url.pathname === '/gc') {
    globalThis.gc()
  } else {
    let text = ''
    for await (const piece of request) text += piece
    await make(
      url.pathname.slice('/documents/'.length),
      text,
      Number(url.searchParams.get('edits')),
    )
  }
  response.writeHead(204).end()
  return true
}

/** Types runs of 40 characters and deletes each from its end, as the history that tutti is given. */
export async function history(edits, length, insert, remove) {
  const run = 40
  for (let i = 0; i < edits; i++) {
    const begin = 1 + ((Math.floor(i / (2 * run)) * 89) % (length - 1))
    const step = i % (2 * run)
    if (step < run) await insert(begin + step)
    else await remove(begin + 2 * run - 1 - step)
  }
}

/** Says where the server is, as the generator wants to hear it. */
export function announce(name, port) {
  console.log(`${name} is at http://127.0.0.1:${port}/`)
}
