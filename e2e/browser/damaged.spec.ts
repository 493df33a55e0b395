import { expect, test } from './test.ts'

test('of a damaged document it is said what has happened, and others open', async ({
  server,
  ada,
}) => {
  const id = await server.create({ title: 'Hurt', content: 'a needle\n', language: 'plain' })
  const other = await server.create({ title: 'Whole', content: 'fine\n', language: 'plain' })
  await server.end('SIGTERM')
  server.spoil('needle', 'meedle')
  await server.start()
  const { page } = ada
  await page.goto(`${server.url}/d/${id}`)
  const stopped = page.getByTestId('stopped')
  await expect(stopped.getByRole('heading')).toHaveText(/cannot show this document/)
  await expect(stopped).toContainText('tutti verify')
  await expect(stopped).not.toContainText('eedle')

  // Once it is mended, it is there again.
  await server.end('SIGTERM')
  server.spoil('meedle', 'needle')
  await server.start()
  await stopped.getByRole('button', { name: 'Connect again' }).click()
  await expect(ada.text).toContainText('a needle')
  await ada.open(other)
  await expect(ada.text).toContainText('fine')
})

test('what was written for a document that is damaged meanwhile is a draft, and is sent once it is mended', async ({
  server,
  ada,
}) => {
  const id = await server.create({ title: 'Hurt', content: 'a needle\n', language: 'plain' })
  await ada.open(id)
  await ada.saved()
  await server.end('SIGKILL')
  await ada.press('ControlOrMeta+End')
  await ada.type('and thread')
  await expect(ada.saveState).toHaveText(/10 changes kept here/)
  server.spoil('needle', 'meedle')
  await server.start()
  const stopped = ada.page.getByTestId('stopped')
  await expect(stopped).toContainText('cannot show this document')
  await expect(stopped).toContainText('Your text is kept as a draft')
  await expect(ada.text).toHaveText(/a needle.*and thread/s)

  await server.end('SIGTERM')
  server.spoil('meedle', 'needle')
  await server.start()
  await stopped.getByRole('button', { name: 'Connect again' }).click()
  await ada.saved()
  expect(await server.content(id)).toBe('a needle\nand thread')
  await ada.page.goto(`${server.url}/?drafts`)
  await expect(ada.page.getByTestId('empty')).toBeVisible()
})
