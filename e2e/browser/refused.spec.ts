import type { Page, WebSocketRoute } from '@playwright/test'
import { expect, test } from './test.ts'

interface Frame {
  t: string
  [name: string]: unknown
}

/** Stands between a page and the server: changes what comes down, and counts what goes up. */
async function between(page: Page, down: (frame: Frame) => Frame = (frame) => frame) {
  const up: Frame[] = []
  const sockets: WebSocketRoute[] = []
  await page.routeWebSocket(/\/socket$/, (socket) => {
    sockets.push(socket)
    const server = socket.connectToServer()
    socket.onMessage((message) => {
      up.push(JSON.parse(String(message)) as Frame)
      server.send(message)
    })
    server.onMessage((message) =>
      socket.send(JSON.stringify(down(JSON.parse(String(message)) as Frame))),
    )
  })
  /** Ends the session that the page has, as the server does. */
  const end = (code: number, reason = '') => {
    const socket = sockets.at(-1)
    socket?.send(JSON.stringify({ t: 'bye', code, reason }))
  }
  return { up, end, sockets }
}

const withLimits = (limits: object) => (frame: Frame) =>
  frame.t === 'welcome'
    ? { ...frame, limits: { ...(frame['limits'] as object), ...limits } }
    : frame

test('a paste of 3 MB into a document that takes less is taken back, once, and says why', async ({
  server,
  ada,
}) => {
  const id = await server.create({ content: 'short\n', language: 'plain' })
  const { up } = await between(ada.page, withLimits({ document: 1_000_000 }))
  await ada.open(id)
  await ada.press('ControlOrMeta+End')
  await ada.paste('All work and no play. '.repeat(140_000))
  const banner = ada.page.getByTestId('refused')
  await expect(banner).toContainText('larger than the server allows')
  await expect(banner).toContainText('Your text is kept as a draft')
  await ada.saved()
  expect(await ada.allText()).toBe('short\n')
  expect(up.filter(({ t }) => t === 'op')).toEqual([])

  await ada.press('ControlOrMeta+End')
  await ada.type('and on')
  await ada.saved()
  expect(await server.content(id)).toBe('short\nand on')
  await banner.getByRole('button', { name: 'Dismiss' }).click()
  await expect(banner).toHaveCount(0)
  await ada.page.goto(`${server.url}/?drafts`)
  await expect(ada.page.getByTestId('draft')).toContainText('All work and no play.')
})

test('a paste that is larger than one frame goes in parts', async ({ server, ada }) => {
  const id = await server.create({ content: '', language: 'plain' })
  await ada.open(id)
  const text = 'All work and no play. '.repeat(140_000)
  await ada.paste(text)
  await ada.saved()
  expect(await server.content(id)).toBe(text)
})

test('what the server refuses is taken back, and is not sent again', async ({ server, ada }) => {
  const id = await server.create({ content: 'short\n', language: 'plain' })
  const sent: number[] = []
  await ada.page.routeWebSocket(/\/socket$/, (socket) => {
    const upstream = socket.connectToServer()
    socket.onMessage((message) => {
      const { t, seq } = JSON.parse(String(message)) as Frame
      if (t !== 'op') {
        upstream.send(message)
        return
      }
      sent.push(seq as number)
      const refused = { t: 'refused', seq, code: 'read_only', message: 'you may only read' }
      socket.send(JSON.stringify(refused))
    })
  })
  await ada.open(id)
  await ada.press('ControlOrMeta+End')
  await ada.page.keyboard.insertText('not allowed')
  await expect(ada.page.getByTestId('refused')).toContainText('may read this document')
  await ada.saved()
  expect(await ada.allText()).toBe('short\n')
  expect(sent).toHaveLength(1)
  await ada.page.getByRole('button', { name: 'Copy what was taken back' }).click()
  expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe('not allowed')
})

test('a page that has come to differ finds out while it is idle, and heals', async ({
  server,
  ada,
  bob,
}) => {
  const id = await server.create({ content: '', language: 'plain' })
  await between(ada.page, (frame) =>
    frame.t === 'records'
      ? (JSON.parse(JSON.stringify(frame).replace('"true"', '"true!"')) as Frame)
      : frame,
  )
  await Promise.all([ada.open(id), bob.open(id)])
  await bob.page.keyboard.insertText('true')
  await expect.poll(() => ada.allText()).toBe('true!')
  await expect.poll(() => ada.allText()).toBe('true')
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  expect(metrics).toContain('tutti_clients_diverged_total 1')
})

test.describe('the end of a session', () => {
  for (const [code, words, action] of [
    [1000, 'An administrator ended your session', 'Connect again'],
    [1002, 'do not understand each other', 'Reload'],
    [1007, 'do not understand each other', 'Reload'],
    [1009, 'too large for the server', 'Connect again'],
    [4400, 'do not understand each other', 'Reload'],
    [4401, 'lets nobody in any more', null],
    [4403, 'no access', null],
    [4404, 'no document at this address', null],
    [4410, 'moved to the trash', 'Bring it back'],
  ] as const) {
    test(`${code} stops and says why`, async ({ server, ada }) => {
      const id = await server.create({ content: 'text\n', language: 'plain' })
      const { end, sockets } = await between(ada.page)
      await ada.open(id)
      end(code)
      const banner = ada.page.getByTestId('stopped')
      await expect(banner).toContainText(words)
      await expect(ada.saveState).toHaveText('Not connected')
      await expect(ada.text).not.toBeEditable()
      await expect(banner.getByRole('button', { name: 'Copy whole text' })).toBeVisible()
      await expect(banner.getByRole('link', { name: 'All documents' })).toBeVisible()
      if (action === null) {
        await expect(banner.getByRole('button', { name: /again|back|Reload/ })).toHaveCount(0)
      } else {
        const before = sockets.length
        if (action !== 'Bring it back') {
          await banner.getByRole('button', { name: action }).click()
          await expect(ada.text).toBeEditable()
          expect(sockets.length).toBe(before + 1)
        } else {
          await expect(banner.getByRole('button', { name: action })).toBeVisible()
        }
      }
    })
  }

  for (const code of [1001, 1012, 1013, 4408, 4409, 4411, 4429]) {
    test(`${code} goes on by itself`, async ({ server, ada }) => {
      const id = await server.create({ content: '', language: 'plain' })
      const { end, up } = await between(ada.page)
      await ada.open(id)
      await ada.type('before')
      await ada.saved()
      end(code)
      await ada.type(' and after')
      await ada.saved()
      expect(await server.content(id)).toBe('before and after')
      const [first, second] = up.filter(({ t }) => t === 'hello')
      expect(second?.['key'] === first?.['key']).toBe(code !== 4411)
      expect('rev' in (second ?? {})).toBe(code !== 4409)
    })
  }
})
