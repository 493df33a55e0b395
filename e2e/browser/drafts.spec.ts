import { Person } from './person.ts'
import type { Server } from './server.ts'
import { expect, test } from './test.ts'

/** Writes something that the server will not get, into a document that is gone when it is back. */
async function strand(server: Server, ada: Person, end: (id: string) => Promise<unknown>) {
  const id = await server.create({
    title: 'Letter',
    content: 'Dear Bob\n',
    language: 'plain',
  })
  await ada.open(id)
  await ada.page.evaluate(() => navigator.serviceWorker.ready)
  await server.end('SIGKILL')
  await ada.press('ControlOrMeta+End')
  await ada.type('my heart is heavy')
  await expect(ada.saveState).toHaveText(/17 changes kept here/)
  const { context, url } = { context: ada.page.context(), url: ada.page.url() }
  await ada.page.close()
  await server.start()
  await end(id)
  const page = await context.newPage()
  await page.goto(url)
  return { id, page, back: Person.at(page, server) }
}

const remove = (server: Server, query: string) => (id: string) =>
  fetch(`${server.url}/api/v1/documents/${id}${query}`, { method: 'DELETE' })

test('what was written for a document that was deleted is a draft, to be restored', async ({
  server,
  ada,
}, info) => {
  const { page, back } = await strand(server, ada, remove(server, '?permanent=true'))
  await expect(page.getByTestId('stopped')).toContainText('Your text is kept as a draft')
  await expect(page.getByText('my heart is heavy')).toBeVisible()
  await info.attach('stopped', {
    body: await page.screenshot(),
    contentType: 'image/png',
  })
  await page.getByRole('link', { name: 'See the drafts' }).click()
  const draft = page.getByTestId('draft')
  await expect(draft).toContainText('The document does not exist any more')
  await expect(draft).toContainText('my heart is heavy')
  await info.attach('drafts', {
    body: await page.screenshot(),
    contentType: 'image/png',
  })
  await draft.getByRole('button', { name: 'Copy text' }).click()
  await expect(draft.getByRole('button', { name: 'Copied' })).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('my heart is heavy')
  const download = page.waitForEvent('download')
  await draft.getByRole('button', { name: 'Download' }).click()
  expect((await download).suggestedFilename()).toBe('Letter.txt')

  await draft.getByRole('button', { name: 'Restore' }).click()
  await expect(page.getByLabel('Title')).toHaveValue('Letter (restored)')
  await expect(back.text).toContainText('my heart is heavy')
  await page.goto(server.url)
  await expect(page.getByTestId('document')).toHaveCount(1)
  await expect(page.getByTestId('drafts-note')).toHaveCount(0)
})

test('what was written for a document in the trash merges once it is brought back', async ({
  server,
  ada,
}) => {
  const { id, page, back } = await strand(server, ada, remove(server, ''))
  await expect(page.getByTestId('stopped')).toContainText('Your text is kept as a draft')
  await page.getByRole('button', { name: 'Bring it back' }).click()
  await back.saved()
  expect(await server.content(id)).toBe('Dear Bob\nmy heart is heavy')
  await page.goto(`${server.url}/?drafts`)
  await expect(page.getByTestId('empty')).toBeVisible()
})

test('a draft is discarded when that is confirmed', async ({ server, ada }) => {
  const { page } = await strand(server, ada, remove(server, '?permanent=true'))
  await expect(page.getByTestId('stopped')).toContainText('Your text is kept as a draft')
  await page.goto(server.url)
  await page.getByTestId('drafts-note').getByRole('link').click()
  const draft = page.getByTestId('draft')
  await draft.getByRole('button', { name: 'Discard…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await expect(draft).toHaveCount(1)
  await draft.getByRole('button', { name: 'Discard…' }).click()
  await page.getByRole('button', { name: 'Discard for good' }).click()
  await expect(draft).toHaveCount(0)
  await page.reload()
  await expect(page.getByTestId('empty')).toBeVisible()
})

test('another document under the same address does not get the text of the old one', async ({
  server,
  ada,
}) => {
  const { id, page, back } = await strand(server, ada, async (id) => {
    await remove(server, '?permanent=true')(id)
    await server.create({
      id,
      title: 'Bill',
      content: '3 screws, 2 nails\n',
      language: 'plain',
    })
  })
  await expect(page.getByTestId('refused')).toContainText('replaced by another one')
  await expect(page.getByTestId('refused')).toContainText('kept as a draft')
  await expect(back.text).toContainText('3 screws')
  await back.saved()
  expect(await server.content(id)).toBe('3 screws, 2 nails\n')
  await page.goto(`${server.url}/?drafts`)
  await expect(page.getByTestId('draft')).toContainText('my heart is heavy')
})
