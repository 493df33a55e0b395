import { expect, test } from './test.ts'
import type { Person } from './person.ts'

async function openSettings({ page }: Person) {
  await page.getByRole('button', { name: /You are/ }).click()
  await page.getByRole('button', { name: 'Settings' }).click()
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await expect(dialog).toBeVisible()
  return dialog
}

test('settings change the editor at once, and are kept', async ({ server, ada }, info) => {
  const id = await server.create({ content: `${'word '.repeat(100)}\nsecond\n`, language: 'plain' })
  await ada.open(id)
  const size = () => ada.text.evaluate((text) => parseFloat(getComputedStyle(text).fontSize))
  const before = await size()
  await expect(ada.page.locator('.cm-lineWrapping')).toBeVisible()
  await expect(ada.page.locator('.cm-lineNumbers')).toHaveCount(0)

  const dialog = await openSettings(ada)
  await dialog.getByLabel('Wrap long lines').selectOption('Never')
  await dialog.getByLabel('Line numbers').selectOption('Always')
  await dialog.getByLabel('Text size').selectOption('150 %')
  await dialog.getByLabel('Dark').check()
  await info.attach('settings', { body: await ada.page.screenshot(), contentType: 'image/png' })
  await ada.page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  const check = async () => {
    await expect(ada.page.locator('.cm-lineWrapping')).toHaveCount(0)
    await expect(ada.page.locator('.cm-lineNumbers')).toBeVisible()
    await expect.poll(size).toBeCloseTo(before * 1.5)
    expect(
      await ada.page.evaluate(() => getComputedStyle(document.documentElement).colorScheme),
    ).toBe('dark')
  }
  await check()
  await ada.page.reload()
  await check()
})

test('Vim keys, for whom they are', async ({ server, ada }) => {
  const id = await server.create({ content: 'one two three\n', language: 'plain' })
  await ada.open(id)
  const dialog = await openSettings(ada)
  await dialog.getByLabel('Vim keys').check()
  await ada.page.keyboard.press('Escape')
  await ada.text.focus()
  await expect(ada.page.locator('.cm-vim-panel')).toBeVisible()
  await ada.press('g', 'g', 'd', 'w')
  await expect(ada.text).toHaveText(/^two three/)
  await ada.press('i')
  await ada.type('four ')
  await ada.press('Escape')
  await ada.saved()
  expect(await server.content(id)).toBe('four two three\n')
})

test('text is found, replaced, and gone to by line', async ({ server, ada }) => {
  const content = Array.from({ length: 300 }, (_, i) => `line ${i + 1}\n`).join('')
  const id = await server.create({ content, language: 'plain' })
  await ada.open(id)
  await ada.press('ControlOrMeta+f')
  await ada.page.getByPlaceholder('Find').pressSequentially('line 250')
  await ada.page.keyboard.press('Enter')
  await expect(ada.page.locator('.cm-searchMatch-selected')).toHaveText('line 250')
  await expect(ada.page.locator('.cm-searchMatch-selected')).toBeInViewport()
  await ada.page.getByPlaceholder('Replace').pressSequentially('here')
  await ada.page.getByRole('button', { name: 'Replace all' }).click()
  await ada.page.keyboard.press('Escape')
  await ada.saved()
  expect(await server.content(id)).toContain('line 249\nhere\nline 251')

  await ada.press('ControlOrMeta+Alt+g')
  await ada.page.getByRole('textbox', { name: 'Go to line' }).fill('100')
  await ada.page.keyboard.press('Enter')
  await expect(ada.text.locator('.cm-line', { hasText: /^line 100$/ })).toBeInViewport()
})

test('a list goes on with the next line, and code in a fence has its colours', async ({
  server,
  ada,
}) => {
  const id = await server.create({ content: '', language: 'markdown' })
  await ada.open(id)
  await ada.type('- one')
  await ada.press('Enter')
  await ada.type('two')
  await ada.press('Enter', 'Enter')
  await ada.paste('```js\nconst a = 1\n```\n\n<b>html</b>\n')
  await expect(ada.text.locator('.cm-line span', { hasText: /^const$/ })).toBeVisible()
  await ada.saved()
  expect(await server.content(id)).toBe('- one\n- two\n```js\nconst a = 1\n```\n\n<b>html</b>\n')
})

test('each line of prose runs the way of its own letters', async ({ server, ada }, info) => {
  const id = await server.create({ content: 'English\nمرحبا بالعالم\n', language: 'markdown' })
  await ada.open(id)
  const direction = (text: string) =>
    ada.text
      .locator('.cm-line', { hasText: text })
      .evaluate((line) => getComputedStyle(line).direction)
  await expect.poll(() => direction('English')).toBe('ltr')
  await expect.poll(() => direction('مرحبا')).toBe('rtl')
  await ada.press('ControlOrMeta+End', 'ArrowUp', 'End')
  await ada.type(' שלום')
  await ada.saved()
  expect(await server.content(id)).toBe('English\nمرحبا بالعالم שלום\n')
  await info.attach('directions', { body: await ada.page.screenshot(), contentType: 'image/png' })
})
