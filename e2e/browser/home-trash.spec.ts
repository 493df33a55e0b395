import { expect, test } from './test.ts'

test('what was thrown away by mistake is back with one key', async ({ server, ada }) => {
  await server.create({ title: 'Plan' })
  await server.create({ title: 'Notes' })
  const { page } = ada
  await page.goto(server.url)
  const rows = page.getByTestId('document')
  await page.getByRole('button', { name: 'More for “Notes”' }).click()
  await page.getByRole('menuitem', { name: 'Move to trash' }).click()
  await expect(rows).toHaveCount(1)
  // The focus is with the row that took its place, not lost.
  await expect(rows.getByRole('link')).toBeFocused()
  await page.getByTestId('toasts').getByRole('button', { name: 'Undo' }).click()
  await expect(rows).toHaveCount(2)
})

test('the trash gives back, and deletes for good only when asked twice', async ({
  server,
  ada,
}) => {
  const ids = []
  for (const title of ['One', 'Two', 'Three', 'Four']) ids.push(await server.create({ title }))
  for (const id of ids) await server.trash(id)
  const { page } = ada
  await page.goto(`${server.url}/?trash`)
  const rows = page.getByTestId('document')
  await expect(rows).toHaveCount(4)
  await expect(rows.first()).toContainText('in the trash since: just now')

  const two = rows.filter({ hasText: 'Two' })
  await two.getByRole('button', { name: 'Bring back' }).click()
  await expect(two).toHaveCount(0)
  await expect(page.getByTestId('toasts')).toContainText('“Two” is back.')

  const three = rows.filter({ hasText: 'Three' })
  await three.getByRole('button', { name: 'Delete for good' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete “Three” for good?' })
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(three).toHaveCount(1)
  await three.getByRole('button', { name: 'Delete for good' }).click()
  await dialog.getByRole('button', { name: 'Delete for good' }).click()
  await expect(three).toHaveCount(0)

  await page.getByRole('button', { name: 'Empty trash' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Empty trash' }).click()
  await expect(page.getByTestId('empty')).toContainText('The trash is empty.')
  await page.getByRole('link', { name: 'All documents' }).click()
  await expect(rows.getByRole('link')).toHaveText(['Two'])
})
