import { expect, expectAgreement, test } from './test.ts'

test('while the server is away changes are counted and kept', async ({
  server,
  ada,
  bob,
}, info) => {
  const id = await server.create({ content: 'start\n', language: 'plain' })
  await Promise.all([ada.open(id), bob.open(id)])
  await server.end('SIGKILL')
  await expect(ada.saveState).not.toHaveText('Saved')

  await ada.press('ControlOrMeta+Home')
  await ada.type('from Ada ')
  await bob.press('ControlOrMeta+End')
  await bob.type('from Bob')
  await expect(ada.saveState).toHaveText(/(Offline|Reconnecting…) — \d+ changes? kept here/)
  await expect(ada.saveState).not.toHaveText(/Saved/)
  await info.attach('kept', { body: await ada.page.screenshot(), contentType: 'image/png' })

  await server.start()
  expect(await expectAgreement(server, id, ada, bob)).toBe('from Ada start\nfrom Bob')
})

test('a browser that is offline keeps what is typed, and says so', async ({ server, ada, bob }) => {
  const id = await server.create({ content: 'start\n', language: 'plain' })
  await Promise.all([ada.open(id), bob.open(id)])
  await ada.page.context().setOffline(true)
  await expect(ada.saveState).toHaveText(/Offline/)
  await ada.press('ControlOrMeta+Home')
  await ada.type('typed in the tunnel ')
  await expect(ada.saveState).toHaveText(/Offline — \d+ changes? kept here/)
  await bob.press('ControlOrMeta+End')
  await bob.type('typed at the desk')
  await bob.saved()
  await expect(ada.text).not.toContainText('desk')

  await ada.page.context().setOffline(false)
  expect(await expectAgreement(server, id, ada, bob)).toBe(
    'typed in the tunnel start\ntyped at the desk',
  )
})

test('“Saved” is said when the server has said so, and not before', async ({ server, ada }) => {
  const id = await server.create({ content: '', language: 'plain' })
  let hold = false
  const held: (() => void)[] = []
  await ada.page.routeWebSocket(/\/socket$/, (socket) => {
    const upstream = socket.connectToServer()
    upstream.onMessage((message) => {
      if (hold) held.push(() => socket.send(message))
      else socket.send(message)
    })
  })
  await ada.open(id)
  await ada.type('one')
  await ada.saved()

  hold = true
  await ada.type(' two')
  // It is on the server's disk by now, and nobody has told the page.
  await expect.poll(() => server.content(id)).toContain('one ')
  await expect(ada.saveState).toHaveText('Saving…')
  await ada.type(' three')
  await expect(ada.saveState).toHaveText('Saving…')
  expect(held.length).toBeGreaterThan(0)

  hold = false
  for (const release of held) release()
  await ada.saved()
  expect(await server.content(id)).toBe('one two three')
})
