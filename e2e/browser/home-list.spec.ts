import { expect, test } from './test.ts'

test('a row says what the document is, how it begins, and who is in it', async ({
  server,
  ada,
  bob,
}) => {
  const id = await server.create({
    title: 'Minutes',
    content: '# Minutes\n\nWe **met** on Monday.\n',
    language: 'markdown',
  })
  await server.create({
    title: 'Server',
    content: 'package main\n',
    language: 'go',
    tags: ['code'],
  })
  await server.create({ title: 'Letter', content: 'Dear all\n', kind: 'rich' })
  const { page } = ada
  await page.goto(server.url)
  const rows = page.getByTestId('document')
  await expect(rows).toHaveCount(3)
  const minutes = rows.filter({ hasText: 'Minutes' })
  await expect(minutes).toContainText('Markdown')
  await expect(minutes).toContainText('just now')
  await expect(minutes.getByTestId('excerpt')).toHaveText('We met on Monday.')
  await expect(rows.filter({ hasText: 'Server' })).toContainText('Go')
  await expect(rows.filter({ hasText: 'Server' })).toContainText('code')
  await expect(rows.filter({ hasText: 'Letter' })).toContainText('Rich text')

  // Who comes is seen when the page is looked at again.
  await expect(minutes.getByTestId('people-in')).toHaveCount(0)
  await bob.open(id)
  await lookAgain(page)
  await expect(minutes.getByTestId('people-in')).toHaveAccessibleName('Here now: Bob')
})

test('the list is searched as one types, and shows what was found', async ({ server, ada }) => {
  await server.create({ title: 'Budget of May', content: 'Numbers.\n' })
  await server.create({ title: 'Minutes', content: 'We talked about the budget for long.\n' })
  await server.create({ title: 'Recipes', content: 'Flour and sugar.\n' })
  const { page } = ada
  await page.goto(server.url)
  const rows = page.getByTestId('document')
  await expect(rows).toHaveCount(3)

  await page.keyboard.press('/')
  await page.keyboard.type('budg')
  await expect(rows).toHaveCount(2)
  await expect(rows.first().getByRole('link').locator('mark')).toHaveText('Budget')
  await expect(rows.last().getByTestId('snippet').locator('mark')).toHaveText('budget')
  await expect(page.getByText('2 documents', { exact: true })).toBeAttached()

  // The address keeps what was searched for, and the back button finds it again.
  await rows.last().getByRole('link').click()
  await expect(ada.text).toContainText('We talked')
  await page.goBack()
  await expect(page.getByRole('searchbox')).toHaveValue('budg')
  await expect(rows).toHaveCount(2)

  await page.getByRole('searchbox').fill('nothing like it')
  await expect(page.getByTestId('empty')).toContainText('No document matches “nothing like it”.')
  await page.getByRole('button', { name: 'Show all' }).click()
  await expect(rows).toHaveCount(3)
  await expect(page).toHaveURL(`${server.url}/`)
})

test('the list is sorted, and filtered by kind and tags', async ({ server, ada }) => {
  await server.create({ title: 'Beta', content: 'b\n', tags: ['work', 'plan'] })
  await server.create({ title: 'Gamma', content: 'c\n', tags: ['work'], kind: 'rich' })
  await server.create({ title: 'Alpha', content: 'a\n' })
  const { page } = ada
  await page.goto(server.url)
  const titles = page.getByTestId('document').getByRole('link')
  await expect(titles).toHaveText(['Alpha', 'Gamma', 'Beta'])
  await page.getByLabel('Sort by').selectOption('Title')
  await expect(titles).toHaveText(['Alpha', 'Beta', 'Gamma'])

  const tags = page.getByRole('group', { name: 'Tags' })
  await tags.getByRole('button', { name: 'work' }).click()
  await expect(titles).toHaveText(['Beta', 'Gamma'])
  await page.getByLabel('Kind').selectOption('Rich text')
  await expect(titles).toHaveText(['Gamma'])
  await page.getByLabel('Kind').selectOption('All kinds')
  await page.getByRole('button', { name: 'Only documents with the tag “plan”' }).click()
  await expect(titles).toHaveText(['Beta'])
  await expect(tags.getByRole('button', { pressed: true })).toHaveText(['work', 'plan'])
  await page.reload()
  await expect(titles).toHaveText(['Beta'])
  await tags.getByRole('button', { name: 'work' }).click()
  await tags.getByRole('button', { name: 'plan' }).click()
  await expect(titles).toHaveText(['Alpha', 'Beta', 'Gamma'])
})

test('tags are edited on the row by the keyboard alone', async ({ server, ada }) => {
  await server.create({ title: 'Notes', content: 'x\n', tags: ['old'] })
  await server.create({ title: 'Other', content: 'y\n', tags: ['known'] })
  const { page } = ada
  await page.goto(server.url)
  const row = page.getByTestId('document').filter({ hasText: 'Notes' })
  await row.getByRole('button', { name: 'More for “Notes”' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeFocused()
  await page.keyboard.press('e') // Edit tags
  await page.keyboard.press('Enter')
  const field = row.getByLabel('Add a tag')
  await expect(field).toBeFocused()
  await page.keyboard.type('first,second thing')
  await page.keyboard.press('Enter')
  await expect(row.getByRole('button', { name: /^Remove the tag/ })).toHaveCount(3)
  await row.getByRole('button', { name: 'Remove the tag “old”' }).click()
  await expect(field).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(row.getByRole('button', { name: /^Only documents/ })).toHaveText([
    'first',
    'second thing',
  ])
  await page.reload()
  await expect(row.getByRole('button', { name: /^Only documents/ })).toHaveText([
    'first',
    'second thing',
  ])
})

test('more than a page comes page by page', async ({ server, ada }) => {
  for (let n = 0; n < 55; n++) await server.create({ title: `Document ${n}` })
  const { page } = ada
  await page.goto(server.url)
  const rows = page.getByTestId('document')
  await expect(rows).toHaveCount(50)
  await page.getByRole('button', { name: 'Show more' }).click()
  await expect(rows).toHaveCount(55)
  await expect(page.getByRole('button', { name: 'Show more' })).toHaveCount(0)
})

test('the list refreshes itself and leaves the focus and what one types alone', async ({
  server,
  ada,
}) => {
  await server.create({ title: 'First' })
  await server.create({ title: 'Second' })
  const { page } = ada
  await page.clock.install()
  await page.goto(server.url)
  const titles = page.getByTestId('document').getByRole('link')
  await expect(titles).toHaveText(['Second', 'First'])
  await titles.filter({ hasText: 'First' }).focus()

  // By itself, in time: a new document takes the place above.
  await server.create({ title: 'Third' })
  await page.clock.runFor(16_000)
  await expect(titles).toHaveText(['Third', 'Second', 'First'])
  await expect(titles.filter({ hasText: 'First' })).toBeFocused()

  // Arrows lead from title to title.
  await page.keyboard.press('ArrowUp')
  await expect(titles.filter({ hasText: 'Second' })).toBeFocused()

  // A title that is being written stays as it is.
  await page.getByRole('button', { name: 'More for “Second”' }).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await page.keyboard.type('Half')
  await server.create({ title: 'Fourth' })
  await page.clock.runFor(16_000)
  await expect(page.getByLabel('Title of “Second”')).toHaveValue('Half')
  await page.keyboard.type(' done')
  await page.keyboard.press('Enter')
  await expect(titles.filter({ hasText: 'Half done' })).toHaveCount(1)
  await lookAgain(page)
  await expect(titles).toHaveText(['Half done', 'Fourth', 'Third', 'First'])
})

/** Comes back to a tab that was out of sight. */
async function lookAgain(page: import('@playwright/test').Page) {
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
}
