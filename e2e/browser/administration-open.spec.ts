import { expect, test } from './test.ts'

test('an open server shows what it has, but for accounts', async ({ server, ada }) => {
  const { page } = ada
  const id = await server.create({ title: 'A plan', content: 'words' })
  await page.goto(server.url)
  await page.getByRole('button', { name: 'Open the command palette' }).click()
  await page.getByRole('dialog').getByRole('combobox').fill('administration')
  await page.keyboard.press('Enter')
  await expect(page.getByText('This server has no accounts')).toBeVisible()
  const tabs = page.getByRole('navigation', { name: 'Administration' }).getByRole('link')
  await expect(tabs).toHaveText(['Documents', 'Connections', 'Server'])
  await expect(page.getByRole('link', { name: 'A plan' })).toHaveAttribute('href', `/d/${id}`)
  await expect(page.getByRole('columnheader', { name: 'Owner' })).toHaveCount(0)
  await tabs.filter({ hasText: 'Connections' }).click()
  await expect(page.getByText('Nobody has a document open.')).toBeVisible()
  await tabs.filter({ hasText: 'Server' }).click()
  await expect(page.getByText('Open: no accounts')).toBeVisible()
})
