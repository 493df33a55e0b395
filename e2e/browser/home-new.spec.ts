import { expect, test } from './test.ts'

test('Enter makes a Markdown document at once', async ({ server, ada }) => {
  const { page } = ada
  await page.goto(server.url)
  await page.getByRole('button', { name: 'New document' }).click()
  await expect(page.getByRole('dialog').getByLabel('Title')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(ada.text).toBeEditable()
  await expect(page.getByLabel('Language')).toHaveValue('markdown')
})

test('a document is made of each kind', async ({ server, ada }) => {
  const { page } = ada
  await page.goto(server.url)
  const dialog = page.getByRole('dialog', { name: 'New document' })
  const rows = page.getByTestId('document')
  const make = async (title: string, kind: string, language?: string) => {
    await page.getByRole('button', { name: 'New document' }).click()
    await dialog.getByLabel('Title').fill(title)
    await dialog.getByRole('radio', { name: kind, exact: true }).check({ force: true })
    if (language) await dialog.getByLabel('Language').selectOption(language)
    await dialog.getByRole('button', { name: 'Create' }).click()
    await expect(page).toHaveURL(/\/d\//)
    await page.goBack()
    await expect(rows.filter({ hasText: title })).toHaveCount(1)
  }
  await make('A list', 'Plain text')
  await make('A letter', 'Rich text')
  await make('A program', 'Code', 'Rust')
  await expect(rows.filter({ hasText: 'A list' })).toContainText('Plain text')
  await expect(rows.filter({ hasText: 'A letter' })).toContainText('Rich text')
  await expect(rows.filter({ hasText: 'A program' })).toContainText('Rust')
})

test('a built-in template gives a title and a text to begin with', async ({ server, ada }) => {
  const { page } = ada
  await page.goto(server.url)
  const dialog = page.getByRole('dialog', { name: 'New document' })
  await expect(async () => {
    await page.keyboard.press('Control+Alt+n') // The shortcuts come after the page.
    await expect(dialog.getByLabel('Title')).toBeFocused({ timeout: 1_000 })
  }).toPass()
  // By keys alone: from the title to the kinds, and on to the templates.
  await page.keyboard.press('Tab')
  await expect(dialog.getByRole('radio', { name: 'Markdown' })).toBeFocused()
  for (let n = 0; n < 4; n++) await page.keyboard.press('ArrowDown')
  await expect(dialog.getByRole('radio', { name: 'Meeting notes' })).toBeChecked()
  await page.keyboard.press('Enter')
  await expect(ada.text).toContainText('Agenda')
  await expect(page.getByLabel('Title')).toHaveValue('Meeting notes')
})

test('a document becomes a template, and others are made from it', async ({ server, ada }) => {
  await server.create({
    title: 'Incident',
    content: '## What happened\n',
    language: 'markdown',
    tags: ['ops'],
  })
  const { page } = ada
  await page.goto(server.url)
  await page.getByRole('button', { name: 'More for “Incident”' }).click()
  await page.getByRole('menuitem', { name: 'Use as template' }).click()
  await expect(page.getByTestId('toasts')).toContainText('offered as a template')
  await page.getByRole('button', { name: 'New document' }).click()
  const dialog = page.getByRole('dialog', { name: 'New document' })
  await dialog.getByRole('radio', { name: 'Incident' }).check({ force: true })
  await dialog.getByLabel('Title').fill('Incident of Monday')
  await dialog.getByRole('button', { name: 'Create' }).click()
  await expect(ada.text).toContainText('What happened')
  await page.goBack()
  const row = page.getByTestId('document').filter({ hasText: 'Incident of Monday' })
  // The copy has the tags of the template, but is none itself.
  await expect(row.getByRole('button', { name: /^Only documents/ })).toHaveText(['ops'])
})
