import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from './test.ts'

test('the palette opens in the editor, finds documents and leads to them', async ({
  server,
  ada,
}) => {
  const roses = await server.create({ title: 'About roses', content: 'red\n' })
  await server.create({
    title: 'About tulips',
    content: 'They are not roses.\n',
  })
  const { page } = ada
  await ada.open(roses)
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Commands and documents' })
  await expect(field).toBeFocused()
  await page.keyboard.type('tulp') // Not quite: letters in their order are enough.
  const option = page.getByRole('option', { name: 'About tulips' })
  await expect(option).toHaveAttribute('aria-selected', 'true')
  await expect(field).toHaveAttribute('aria-activedescendant', (await option.getAttribute('id'))!)
  await page.keyboard.press('Enter')
  await expect(ada.text).toContainText('They are not roses.')
  // What was typed went into the palette alone.
  expect(await server.content(roses)).toBe('red\n')

  // The document that was open before comes first now; the text of others is searched, too.
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('listbox').getByRole('option').first()).toContainText('About roses')
  await page.keyboard.type('not roses')
  await expect(
    page.getByRole('group', { name: 'Documents', exact: true }).getByRole('option'),
  ).toContainText('They are not roses.')
})

test('commands run from the palette, and those used last come first', async ({ server, ada }) => {
  const { page } = ada
  await page.goto(server.url)
  await page.getByRole('button', { name: 'Open the command palette' }).click()
  const field = page.getByRole('combobox', { name: 'Commands and documents' })
  const commands = page.getByRole('group', { name: 'Commands' }).getByRole('option')
  await expect(field).toBeFocused()
  await page.keyboard.type('trash')
  await expect(commands).toHaveText(/Go to the trash/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Trash', exact: true })).toBeVisible()

  await page.keyboard.press('Control+k')
  await expect(commands.first()).toHaveText(/Go to the trash/)
  await page.keyboard.type('new mark')
  await expect(commands).toHaveText(/New Markdown document/)
  await page.keyboard.press('Enter')
  await expect(ada.text).toBeEditable()
})

test('the palette is used by arrows and left by Escape, which gives the caret back', async ({
  server,
  ada,
}, info) => {
  const id = await server.create({
    title: 'Text',
    content: 'end\n',
    language: 'plain',
  })
  await ada.open(id)
  await ada.press('ControlOrMeta+Home')
  await ada.page.keyboard.press('Control+k')
  const options = ada.page.getByRole('listbox').getByRole('option')
  await expect(options.first()).toHaveAttribute('aria-selected', 'true')
  await ada.page.keyboard.press('ArrowDown')
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true')
  await ada.page.keyboard.press('ArrowUp')
  await ada.page.keyboard.press('ArrowUp')
  await expect(options.last()).toHaveAttribute('aria-selected', 'true')
  await info.attach('palette', {
    body: await ada.page.screenshot(),
    contentType: 'image/png',
  })
  const { violations } = await new AxeBuilder({ page: ada.page }).include('dialog[open]').analyze()
  expect(violations).toEqual([])
  await ada.page.keyboard.type('zzzz')
  await expect(ada.page.getByRole('status').filter({ hasText: 'Nothing found.' })).toBeVisible()
  await ada.page.keyboard.press('Escape')
  await expect(ada.text).toBeFocused()
  await ada.page.keyboard.type('the ')
  await ada.saved()
  expect(await server.content(id)).toBe('the end\n')
})

test('the keys are explained, but ? stays a question mark where one writes', async ({
  server,
  ada,
}) => {
  const id = await server.create({ content: '', language: 'plain' })
  const { page } = ada
  await page.goto(server.url)
  await expect(page.getByTestId('document')).toHaveCount(1)
  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(dialog).toContainText('Open the command palette')
  await expect(dialog).toContainText('Ctrl+K')
  await expect(dialog).toContainText('Find a document')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)

  await ada.open(id)
  await ada.type('what?')
  await ada.saved()
  await expect(dialog).toHaveCount(0)
  expect(await server.content(id)).toBe('what?')
  await page.getByLabel('Title').focus()
  await page.keyboard.press('Control+/')
  await expect(dialog).toBeVisible()
})
