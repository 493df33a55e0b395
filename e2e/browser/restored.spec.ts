import { Person } from './person.ts'
import { expect, expectAgreement, test } from './test.ts'

test('what was saved after the backup that was restored is offered, and nothing is doubled', async ({
  server,
  ada,
  bob,
}) => {
  const id = await server.create({
    title: 'Minutes',
    content: 'Minutes of Monday\n',
    language: 'plain',
  })
  await Promise.all([ada.open(id), bob.open(id)])
  await ada.press('ControlOrMeta+End')
  await ada.type('Ada opened the meeting.')
  await ada.saved()
  const backup = await server.backup()
  await ada.press('Enter')
  await ada.type('Bob read the budget.')
  await ada.saved()
  await expect(bob.text).toContainText('Bob read the budget.')
  await server.end('SIGKILL')
  // This is on no server yet.
  await ada.press('ControlOrMeta+Home', 'End')
  await ada.type(', second draft')
  await expect(ada.saveState).toHaveText(/14 changes kept here/)

  await server.restore(backup)
  for (const { page } of [ada, bob]) {
    await expect(page.getByTestId('restored')).toContainText('restored from an older backup')
    await expect(page.getByTestId('restored')).toContainText('kept as a draft')
  }
  const content = await expectAgreement(server, id, ada, bob)
  expect(content).toBe('Minutes of Monday, second draft\nAda opened the meeting.')
  await ada.page.getByTestId('restored').getByRole('button', { name: 'Copy text' }).click()
  expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe('Bob read the budget.')

  await bob.page.getByTestId('restored').getByRole('link', { name: 'See the drafts' }).click()
  const draft = bob.page.getByTestId('draft')
  await expect(draft).toHaveCount(1)
  await expect(draft).toContainText('had been saved after it')
  // Also the line that Ada has changed since, if she was back before him.
  await expect(draft.locator('pre')).toContainText('Bob read the budget.')
  await draft.getByRole('button', { name: 'Copy whole document' }).click()
  expect(await bob.page.evaluate(() => navigator.clipboard.readText())).toBe(
    'Minutes of Monday\nAda opened the meeting.\nBob read the budget.',
  )
  // Once: not again when it is opened anew.
  await bob.page.goto(`${server.url}/d/${id}`)
  await bob.saved()
  await expect(bob.page.getByTestId('restored')).toHaveCount(0)
})

test('a tab that comes only after the restore offers what it had', async ({ server, ada }) => {
  const id = await server.create({ title: 'Letter', content: 'Dear Bob\n', language: 'plain' })
  await ada.open(id)
  await ada.page.evaluate(() => navigator.serviceWorker.ready)
  const backup = await server.backup()
  await ada.press('ControlOrMeta+End')
  await ada.type('my heart is light')
  await ada.saved()
  // Stored, and not only typed: another tab shows it with the server gone.
  const context = ada.page.context()
  await ada.page.close()
  await server.end('SIGKILL')
  await server.restore(backup)
  const page = await context.newPage()
  await page.goto(`${server.url}/d/${id}`)
  const back = Person.at(page, server)
  await expect(page.getByTestId('restored')).toContainText('kept as a draft')
  await expect(back.text).toHaveText('Dear Bob')
  await page.goto(`${server.url}/?drafts`)
  await expect(page.getByTestId('draft').locator('pre')).toHaveText('my heart is light')
})
