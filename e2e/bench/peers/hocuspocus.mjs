// Hocuspocus with its SQLite extension, otherwise as it comes.
import { SQLite } from '@hocuspocus/extension-sqlite'
import { Server } from '@hocuspocus/server'
import * as Y from 'yjs'
import { announce, answer, history } from './http.mjs'

const sqlite = new SQLite({ database: `${process.argv[2]}/hocuspocus.sqlite` })

async function make(id, text, edits) {
  const doc = new Y.Doc()
  const content = doc.getText('text')
  doc.clientID = 1 // the generator knows the text's characters by it
  content.insert(0, text)
  doc.clientID = 2
  await history(
    edits,
    text.length,
    (at) => content.insert(at, 'x'),
    (at) => content.delete(at, 1),
  )
  await sqlite.configuration.store({
    documentName: id,
    state: Buffer.from(Y.encodeStateAsUpdate(doc)),
  })
}

const server = new Server({
  port: 0,
  address: '127.0.0.1',
  quiet: true,
  extensions: [sqlite],
  async onRequest({ request, response }) {
    if (await answer(request, response, make)) throw null // it is answered
  },
})
await server.listen()
announce('hocuspocus', server.address.port)
