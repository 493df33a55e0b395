import { expect, test } from './test.ts'

test('documents are created, renamed, thrown away and brought back', async ({
  server,
  ada,
}, info) => {
  const { page } = ada
  await page.goto(server.url)
  await expect(page.getByTestId('empty')).toContainText('Nothing here yet')

  await page.getByRole('button', { name: 'New document' }).click()
  await page.getByRole('dialog').getByLabel('Title').fill('Minutes')
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click()
  await expect(page).toHaveURL(/\/d\//)
  await expect(ada.text).toBeEditable()
  await ada.text.focus()
  await ada.type('# Minutes')
  await ada.saved()

  await page.getByRole('link', { name: 'All documents' }).click()
  const row = page.getByTestId('document')
  await expect(row).toHaveCount(1)
  await expect(row).toContainText('Minutes')
  await expect(row).toContainText('Markdown')

  await row.getByRole('button', { name: 'More for “Minutes”' }).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await page.getByLabel('Title of “Minutes”').fill('Minutes of Monday')
  await page.getByLabel('Title of “Minutes”').press('Enter')
  await expect(row.getByRole('link')).toHaveText('Minutes of Monday')
  await info.attach('home', {
    body: await page.screenshot(),
    contentType: 'image/png',
  })

  await row.getByRole('button', { name: /^More for/ }).click()
  await page.getByRole('menuitem', { name: 'Move to trash' }).click()
  await expect(row).toHaveCount(0)
  await expect(page.getByTestId('toasts')).toContainText('“Minutes of Monday” is in the trash.')
  await page.getByRole('link', { name: 'Trash' }).click()
  await expect(row).toContainText('Minutes of Monday')
  await row.getByRole('button', { name: 'Bring back' }).click()
  await expect(row).toHaveCount(0)
  await page.getByRole('link', { name: 'All documents' }).click()
  await expect(row.getByRole('link')).toHaveText('Minutes of Monday')
  await row.getByRole('link').click()
  await expect(ada.text).toContainText('# Minutes')
})

test('a document that is thrown away says so to whoever has it open', async ({
  server,
  ada,
  bob,
}) => {
  const id = await server.create({ title: 'Draft', content: 'some text\n' })
  await ada.open(id)
  await bob.page.goto(server.url)
  await bob.page.getByRole('button', { name: 'More for “Draft”' }).click()
  await bob.page.getByRole('menuitem', { name: 'Move to trash' }).click()
  await expect(ada.page.getByTestId('stopped')).toContainText('moved to the trash')
  await ada.page.getByRole('button', { name: 'Bring it back' }).click()
  await expect(ada.text).toBeEditable()
  await ada.text.focus()
  await ada.type('more ')
  await ada.saved()
  expect(await server.content(id)).toContain('more ')
})

test('an address without a document says so', async ({ server, ada }) => {
  await ada.page.goto(`${server.url}/d/nothing-here`)
  await expect(ada.page.getByTestId('stopped')).toContainText(
    'There is no document at this address',
  )
})
