import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from './server.ts'
import { expect, test } from './test.ts'

/** A page of somebody else's, with a document in a frame. */
async function host(): Promise<{
  origin: string
  show: (url: string) => void
  close: () => void
}> {
  let frame = ''
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.end(`<!doctype html><title>A wiki</title><h1>A wiki</h1>
      <iframe title="Notes" src="${frame}" width="900" height="500"></iframe>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    show: (url) => (frame = url),
    close: () => server.close(),
  }
}

test('a document is edited in a frame of an allowed page, and in no other', async ({
  ada,
  server: closed,
}, info) => {
  const wiki = await host()
  const server = new Server()
  await server.start('--embed-from', wiki.origin)
  try {
    const id = await server.create({
      title: 'Notes',
      content: 'Hello\n',
      language: 'markdown',
    })
    wiki.show(`${server.url}/d/${id}?embed=1`)
    await ada.page.goto(wiki.origin)
    const frame = ada.page.frameLocator('iframe')
    const text = frame.getByRole('textbox', { name: 'Document text' })
    await expect(text).toContainText('Hello')
    await text.press('ControlOrMeta+End')
    await text.pressSequentially('from a frame')
    await expect(frame.getByTestId('save-state')).toHaveText('Saved')
    expect(await server.content(id)).toBe('Hello\nfrom a frame')
    // The page around it brings the way home; the document can be opened whole.
    await expect(frame.getByRole('link', { name: 'All documents' })).toHaveCount(0)
    await expect(frame.getByRole('link', { name: 'Open in a tab of its own' })).toHaveAttribute(
      'href',
      `/d/${id}`,
    )
    await info.attach('frame', {
      body: await ada.page.screenshot(),
      contentType: 'image/png',
    })

    // Only the page that is meant for frames can be in one,
    wiki.show(`${server.url}/d/${id}`)
    await ada.page.goto(wiki.origin)
    await expect(ada.page.frameLocator('iframe').locator('body')).not.toContainText('Hello')

    // and only in a page that the server allows.
    const other = await closed.create({
      content: 'Secret\n',
      language: 'plain',
    })
    wiki.show(`${closed.url}/d/${other}?embed=1`)
    await ada.page.goto(wiki.origin)
    await expect(ada.page.frameLocator('iframe').locator('body')).not.toContainText('Secret')
  } finally {
    wiki.close()
    await server.dispose()
  }
})
