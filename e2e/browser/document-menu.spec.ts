import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, test } from './test.ts'

const menu = (page: Page) =>
  page.getByRole('button', { name: 'What can be done with this document' })

test('a document is exported from its menu, by keyboard too', async ({ server, ada }) => {
  const id = await server.create({ title: 'Plan', content: '# Plan\n', language: 'markdown' })
  await ada.open(id)
  const { page } = ada
  for (const [item, ending, content] of [
    ['Export as Markdown', '.md', '# Plan\n'],
    ['Export as plain text', '.txt', '# Plan\n'],
    ['Export with the whole history', '.tutti', '"kind":"text"'],
  ] as const) {
    await menu(page).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: item }).focus()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.keyboard.press('Enter'),
    ])
    expect(download.suggestedFilename()).toMatch(new RegExp(`^Plan.*\\${ending}$`))
    expect(await readFile(await download.path(), 'utf8')).toContain(content)
  }
})

test('a document is duplicated, thrown away and brought back', async ({ server, ada }) => {
  const id = await server.create({ title: 'Plan', content: 'all of it\n', language: 'plain' })
  await ada.open(id)
  const { page } = ada
  await menu(page).click()
  await page.getByRole('menuitem', { name: 'Duplicate' }).click()
  await expect(page.getByLabel('Title')).toHaveValue('Plan (copy)')
  await expect(ada.text).toContainText('all of it')
  await menu(page).click()
  await page.getByRole('menuitem', { name: 'Move to trash' }).click()
  const toasts = page.getByTestId('toasts')
  await expect(toasts).toContainText('“Plan (copy)” is in the trash.')
  await expect(page.getByTestId('document')).toHaveCount(1)
  await toasts.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByLabel('Title')).toHaveValue('Plan (copy)')
})

test('a document is shared by its address, or in a frame', async ({ server, ada, bob }) => {
  const id = await server.create({ content: 'for you\n', language: 'plain' })
  await ada.open(id)
  const { page } = ada
  await page.getByRole('button', { name: 'Share' }).click()
  const dialog = page.getByRole('dialog', { name: 'Share this document' })
  await dialog.getByRole('button', { name: 'Copy address' }).click()
  const address = await page.evaluate(() => navigator.clipboard.readText())
  expect(address).toBe(`${server.url}/d/${id}`)
  await expect(dialog.getByRole('textbox', { name: 'For a page of yours' })).toHaveValue(
    new RegExp(`src="${address}\\?embed=1"`),
  )
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await bob.page.goto(address)
  await expect(bob.text).toContainText('for you')
})
