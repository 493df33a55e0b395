// ShareDB as its documentation sets it up: in memory, json0, over ws.
import { createServer } from 'node:http'
import { Duplex } from 'node:stream'
import ShareDB from 'sharedb'
import { WebSocketServer } from 'ws'
import { announce, answer, history } from './http.mjs'

const backend = new ShareDB()
const own = backend.connect()

async function make(id, text, edits) {
  const doc = own.get('docs', id)
  await new Promise((done, fail) => doc.create({ text }, (error) => (error ? fail(error) : done())))
  const submit = (op) =>
    new Promise((done, fail) => doc.submitOp([op], (error) => (error ? fail(error) : done())))
  await history(
    edits,
    text.length,
    (at) => submit({ p: ['text', at], si: 'x' }),
    (at) => submit({ p: ['text', at], sd: 'x' }),
  )
  doc.destroy()
}

/** A socket as the stream of objects that ShareDB listens to. */
function stream(socket) {
  const s = new Duplex({
    objectMode: true,
    read() {},
    write(message, _, done) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
      done()
    },
    final(done) {
      socket.close()
      done()
    },
  })
  socket.on('message', (data) => s.push(JSON.parse(data)))
  socket.on('close', () => {
    s.push(null)
    s.end()
    s.emit('close')
  })
  socket.on('error', () => socket.terminate())
  s.on('error', () => socket.terminate())
  return s
}

const server = createServer(async (request, response) => {
  if (!(await answer(request, response, make))) response.writeHead(404).end()
})
new WebSocketServer({ server }).on('connection', (socket) => backend.listen(stream(socket)))
server.listen(0, '127.0.0.1', () => announce('sharedb', server.address().port))
process.on('SIGINT', () => process.exit(0))
