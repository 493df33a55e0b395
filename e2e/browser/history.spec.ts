import AxeBuilder from '@axe-core/playwright'
import { readFile } from 'node:fs/promises'
import type { Locator, Page } from '@playwright/test'
import type { Server } from './server.ts'
import { expect, test } from './test.ts'

/** A call of the REST interface. */
async function api<T>(server: Server, method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${server.url}/api/v1/documents${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`)
  return (response.status === 204 ? undefined : await response.json()) as T
}

const append = (server: Server, id: string, text: string) =>
  api(server, 'PATCH', `/${id}/content`, { edits: [{ append: text }] })

const sessions = (page: Page) => page.getByTestId('session')
const entryOf = (page: Page, n: number) => sessions(page).nth(n).getByRole('button')
const past = (page: Page) => page.getByTestId('past')

test('a timeline shows who wrote when, and each entry what it changed', async ({
  server,
  ada,
  bob,
}) => {
  const id = await server.create({
    title: 'Plan',
    content: 'one two\n',
    language: 'plain',
  })
  const { page } = ada
  await ada.open(id)
  await ada.press('ControlOrMeta+Home')
  for (const letter of 'zero ') {
    await ada.type(letter)
    await ada.saved() // A record each, however slow the machine: addresses below name them.
  }
  await bob.open(id)
  await bob.press('ControlOrMeta+End')
  await bob.type('From Bob')
  await bob.press('ControlOrMeta+Home', 'ControlOrMeta+Delete')
  await bob.saved()

  await page.getByRole('link', { name: 'History' }).click()
  await expect(page).toHaveURL(/\?history$/)
  await expect(sessions(page)).toHaveCount(3)
  await expect(entryOf(page, 0)).toContainText('Bob')
  await expect(entryOf(page, 0)).toHaveAttribute('aria-current', 'true')
  await expect(entryOf(page, 0)).toHaveAccessibleName(/Bob.*8 characters inserted.*deleted/)
  await expect(entryOf(page, 1)).toContainText('Ada')
  await expect(entryOf(page, 2)).toContainText('Created')
  await expect(page.getByRole('heading', { name: 'Today' })).toHaveCount(1)
  await expect(page.getByTestId('entry')).toContainText('8 characters inserted')
  // People have the colours that they show now.
  await expect(entryOf(page, 1)).toHaveAttribute('style', /#c2255c/)
  await expect(entryOf(page, 0)).toHaveAttribute('style', /#1971c2/)

  await expect(past(page).locator('ins')).toHaveText('From Bob')
  await expect(past(page).locator('del')).toHaveText(/zero/)

  // By keyboard through the timeline, and by the address to one entry.
  await entryOf(page, 0).focus()
  await page.keyboard.press('ArrowDown')
  await expect(entryOf(page, 1)).toBeFocused()
  await expect(past(page).locator('ins')).toHaveText('zero ')
  await expect(past(page).locator('del')).toHaveCount(0)
  await expect(past(page)).not.toContainText('From Bob')
  await expect(page).toHaveURL(/history&rev=5$/)
  await page.keyboard.press('End')
  await expect(past(page).locator('.cm-content')).toHaveText('one two')
  await page.goto(`${server.url}/d/${id}?history&rev=3`)
  await expect(past(page).locator('ins')).toHaveText('zer')
  await expect(entryOf(page, 1)).toHaveAttribute('aria-current', 'true')

  // It is the past: nothing can be typed into it.
  const text = past(page).getByRole('textbox', {
    name: 'Document text at this revision',
  })
  await text.focus()
  await page.keyboard.type('no')
  await expect(text).not.toContainText('no')
  await page.getByRole('link', { name: 'Back to the document' }).click()
  await expect(ada.text).toContainText('one twoFrom Bob'.slice(0, 7))
})

test('what others write meanwhile joins the timeline, and nothing jumps', async ({
  server,
  ada,
  bob,
}) => {
  const id = await server.create({ content: 'start\n', language: 'plain' })
  await append(server, id, 'by a program\n')
  await bob.open(id)
  const { page } = ada
  await page.goto(`${server.url}/d/${id}?history`)
  await expect(sessions(page)).toHaveCount(2)
  await entryOf(page, 0).focus()
  await bob.press('ControlOrMeta+End')
  await bob.type('typed meanwhile')
  await bob.saved()
  await expect(sessions(page)).toHaveCount(3)
  await expect(entryOf(page, 0)).toContainText('Bob')
  await expect(entryOf(page, 1)).toBeFocused()
  await expect(entryOf(page, 1)).toHaveAttribute('aria-current', 'true')
  await expect(past(page)).not.toContainText('meanwhile')
  await page.getByRole('button', { name: /Show the latest/ }).click()
  await expect(past(page)).toContainText('typed meanwhile')
})

test('versions are named, renamed and unnamed', async ({ server, ada }) => {
  const id = await server.create({ content: 'a\n' })
  for (const text of ['b\n', 'c\n', 'd\n']) await append(server, id, text)
  const { page } = ada
  await page.goto(`${server.url}/d/${id}?history&rev=2`)
  await expect(sessions(page)).toHaveCount(2)
  await page.getByRole('button', { name: 'Name this version' }).click()
  await page.getByLabel('Name of the version').fill('Sent to the printer')
  await page.getByRole('button', { name: 'Save' }).click()
  // The session is parted where the version stands.
  await expect(sessions(page)).toHaveCount(3)
  await expect(entryOf(page, 1)).toContainText('Sent to the printer')
  await expect(entryOf(page, 1)).toHaveAttribute('aria-current', 'true')

  await page.getByRole('button', { name: 'Rename this version' }).click()
  await page.getByLabel('Name of the version').fill('Printed')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(entryOf(page, 1)).toContainText('Printed')

  await page.getByRole('button', { name: 'More to do with this version' }).click()
  await page.getByRole('menuitem', { name: 'Remove the name' }).click()
  await expect(sessions(page)).toHaveCount(2)
  await page.getByTestId('toasts').getByRole('button', { name: 'Undo' }).click()
  await expect(entryOf(page, 1)).toContainText('Printed')

  // From the editor, too.
  await page.goto(`${server.url}/d/${id}?history&naming`)
  await expect(page.getByRole('dialog', { name: 'Name this version' })).toBeVisible()
  await expect(page).toHaveURL(/\?history$/)
})

test('the growth of a document is played from any point', async ({ server, ada }) => {
  const id = await server.create({ content: '', language: 'plain' })
  for (let i = 1; i <= 40; i++) await append(server, id, `line ${i}\n`)
  const { page } = ada
  await page.goto(`${server.url}/d/${id}?history&rev=10`)
  await expect(past(page)).toContainText('line 10')
  await page.getByLabel('Speed').selectOption({ label: '20 changes/s' })
  await page.getByRole('button', { name: 'Play' }).click()
  await expect(page.getByTestId('place')).toHaveText(/Revision (1[1-9]|2\d) of 40/)
  await expect(past(page).locator('.history-fresh').first()).toBeVisible()
  await page.getByRole('button', { name: 'Pause' }).click()
  const place = await page.getByTestId('place').textContent()
  const rev = Number(/\d+/.exec(place ?? '')?.[0])
  expect(rev).toBeLessThan(40)
  await expect(page).toHaveURL(new RegExp(`rev=${rev}$`))
  await expect(past(page).locator('.cm-content')).toContainText(`line ${rev}`)
  await expect(past(page).locator('.cm-content')).not.toContainText(`line ${rev + 1}`)

  await page.getByRole('button', { name: 'Play' }).click()
  await expect(page.getByTestId('place')).toHaveText('Revision 40 of 40')
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible()
  await expect(past(page)).toContainText('line 40')

  // The slider goes anywhere, by keyboard too.
  const slider = page.getByRole('slider', { name: 'Place in the history' })
  await slider.fill('3')
  await expect(past(page).locator('.cm-content')).toContainText('line 3')
  await expect(past(page)).not.toContainText('line 4')
  await slider.press('ArrowRight')
  await expect(past(page)).toContainText('line 4')
})

test('two revisions are compared side by side, inline and as a file', async ({ server, ada }) => {
  const lines = Array.from({ length: 40 }, (_, i) => `line ${i}\n`).join('')
  const id = await server.create({
    content: `red fox\n${lines}`,
    language: 'plain',
  })
  await api(server, 'PATCH', `/${id}/content`, {
    edits: [{ find: 'red', replace: 'blue' }],
  })
  await append(server, id, 'the end\n')
  const { page } = ada
  await page.goto(`${server.url}/d/${id}?history&rev=1`)
  await page.getByRole('button', { name: 'Compare' }).click()
  await expect(page).toHaveURL(/compare=0\.\.1$/)
  const sides = page.getByTestId('sides')
  await expect(sides.getByRole('textbox', { name: 'The older version' })).toContainText('red fox')
  await expect(sides.getByRole('textbox', { name: 'The newer version' })).toContainText('blue fox')
  await expect(sides.locator('.cm-collapsedLines').first()).toContainText('unchanged lines')

  await page.getByRole('button', { name: 'Inline' }).click()
  await expect(past(page).locator('del')).toHaveText('red')
  await expect(past(page).locator('ins')).toHaveText('blue')
  await page.getByLabel('To', { exact: true }).selectOption({ index: 0 })
  await expect(page).toHaveURL(/compare=0\.\.2$/)
  await expect(page.getByTestId('difference')).toContainText('12 characters inserted')
  await page.getByRole('button', { name: 'Next change' }).click()
  await expect(past(page).locator('ins').last()).toHaveText('the end')

  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download the difference' }).click()
  const diff = await readFile(await (await download).path(), 'utf8')
  expect(diff).toContain('-red fox\n+blue fox\n')
  expect(diff).toContain('+the end\n')

  await page.goto(`${server.url}/d/${id}?history&compare=2..2`)
  await expect(page.getByTestId('difference')).toContainText('the same')
})

test('who wrote what is shown in colours, by pointing and by keyboard', async ({
  server,
  ada,
  bob,
}) => {
  const id = await server.create({ content: '', language: 'plain' })
  await ada.open(id)
  await ada.type('written by Ada. ')
  await ada.saved()
  await bob.open(id)
  await bob.press('ControlOrMeta+End')
  await bob.type('written by Bob.')
  await bob.saved()

  const { page } = ada
  await page.goto(`${server.url}/d/${id}?history&authors`)
  const legend = page.getByTestId('legend')
  await expect(legend.getByRole('button', { name: /Ada/ })).toContainText('52%')
  const runs = past(page).locator('[data-run]')
  await expect(runs).toHaveCount(2)
  await runs.first().hover()
  await expect(page.getByTestId('author-tip')).toHaveText(/^Ada, /)
  await runs.last().hover()
  await expect(page.getByTestId('author-tip')).toHaveText(/^Bob, /)

  await legend.getByRole('button', { name: /Bob/ }).click()
  await expect(runs).toHaveText('written by Bob.')
  await legend.getByRole('button', { name: 'Next passage' }).press('Enter')
  await expect(page.getByTestId('passage')).toHaveText(/^Bob, /)

  // Of any revision; and off again.
  await entryOf(page, 1).click()
  await expect(legend).not.toContainText('Bob')
  await page.getByRole('button', { name: 'Who wrote what' }).click()
  await expect(legend).toHaveCount(0)
  await expect(past(page).locator('ins')).toHaveText('written by Ada. ')
})

test('a revision is restored after a look at what that changes, and that is undone', async ({
  server,
  ada,
}) => {
  const id = await server.create({ content: 'good\n', language: 'plain' })
  await append(server, id, 'bad\n')
  const { page } = ada
  await page.goto(`${server.url}/d/${id}?history&rev=0`)
  await page.getByRole('button', { name: 'Restore this version' }).click()
  const preview = page.getByTestId('preview')
  await expect(preview).toContainText('4 characters deleted')
  await expect(preview.locator('del')).toHaveText(/bad/)
  expect(await server.content(id)).toBe('good\nbad\n')
  await page.getByRole('button', { name: 'Restore', exact: true }).click()
  await expect(page.getByTestId('toasts')).toContainText('restored')
  expect(await server.content(id)).toBe('good\n')
  // What others write after it stays when it is undone.
  await append(server, id, 'later\n')
  await page.getByTestId('toasts').getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => server.content(id)).toMatch(/^good\n(bad\nlater|later\nbad)\n$/)
})

test('the past is coloured as the present is', async ({ server, ada }) => {
  const id = await server.create({ content: '# Title\n', language: 'markdown' })
  await append(server, id, '*more*\n')
  const { page } = ada
  await page.goto(`${server.url}/d/${id}?history`)
  const weight = (title: Locator) => title.evaluate((span) => getComputedStyle(span).fontWeight)
  await expect.poll(() => weight(past(page).getByText('Title'))).toBe('650')
  await page.goto(`${server.url}/d/${id}?history&compare=0..1`)
  await expect.poll(() => weight(page.getByTestId('sides').getByText('Title').first())).toBe('650')
})

test('what is written between the look and the click stays', async ({ server, ada }) => {
  const id = await server.create({ content: 'good\n', language: 'plain' })
  await append(server, id, 'bad\n')
  const { page } = ada
  await page.goto(`${server.url}/d/${id}?history&rev=0`)
  await page.getByRole('button', { name: 'Restore this version' }).click()
  await expect(page.getByTestId('preview').locator('del')).toHaveText(/bad/)
  await append(server, id, 'just now\n')
  await page.getByRole('button', { name: 'Restore', exact: true }).click()
  await expect(page.getByTestId('toasts')).toContainText('restored')
  expect(await server.content(id)).toBe('good\njust now\n')
})

test('what one author did is undone, and nothing of the others', async ({ server, ada, bob }) => {
  const id = await server.create({ content: 'start\n', language: 'plain' })
  await ada.open(id)
  await ada.press('ControlOrMeta+End')
  await ada.type('from Ada ')
  await ada.saved()
  await bob.open(id)
  await bob.press('ControlOrMeta+End')
  await bob.type('from Bob')
  await bob.saved()
  const { page } = ada
  await page.goto(`${server.url}/d/${id}?history`)
  await expect(sessions(page)).toHaveCount(3)
  await page.getByRole('button', { name: 'More to do with this version' }).click()
  await page.getByRole('menuitem', { name: /Undo one author/ }).click()
  const author = page.getByLabel('Author', { exact: true })
  const option = await author.locator('option', { hasText: 'Ada' }).textContent()
  await author.selectOption({ label: option?.trim() ?? '' })
  await expect(page.getByTestId('preview').locator('del')).toHaveText('from Ada ')
  await page.getByRole('button', { name: 'Undo these changes' }).click()
  await expect(page.getByTestId('toasts')).toContainText('The changes of Ada were undone.')
  await expect.poll(() => server.content(id)).toBe('start\nfrom Bob')
})

test('an old version is copied and downloaded', async ({ server, ada }) => {
  const id = await server.create({
    title: 'Plan',
    content: '# old\n',
    language: 'markdown',
  })
  await append(server, id, 'new\n')
  const { page } = ada
  await page.goto(`${server.url}/d/${id}?history&rev=0`)
  await page.getByRole('button', { name: 'Copy this version' }).click()
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('# old\n')
  const formats = {
    'plain text': ['Plan (0).txt', '# old\n'],
    Markdown: ['Plan (0).md', '# old\n'],
    HTML: ['Plan (0).html', '<h1'],
  }
  for (const [format, [name, text]] of Object.entries(formats)) {
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'More to do with this version' }).click()
    await page.getByRole('menuitem', { name: `Download as ${format}` }).click()
    expect((await download).suggestedFilename()).toBe(name)
    expect(await readFile(await (await download).path(), 'utf8')).toContain(text)
  }
  // A passage is copied out of the entry, without what it deleted.
  await api(server, 'PATCH', `/${id}/content`, {
    edits: [{ find: 'new', replace: 'newer' }],
  })
  await page.goto(`${server.url}/d/${id}?history`)
  await past(page).getByRole('textbox').focus()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.press('ControlOrMeta+c')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('# old\nnewer\n')
})

test('rich text is shown with its formats, and what changed in them', async ({ server, ada }) => {
  const { id } = await api<{ id: string }>(server, 'POST', '', {
    kind: 'rich',
    title: 'Rich',
    content: [
      { insert: 'Title' },
      { insert: '\n', attributes: { header: 1 } },
      { insert: 'plain words <img src=x onerror=alert(1)>\n' },
    ],
  })
  await api(server, 'PATCH', `/${id}/content`, {
    edits: [
      {
        op: [{ retain: 6 }, { retain: 5, attributes: { bold: true } }, { insert: '!' }],
      },
    ],
  })
  await api(server, 'PATCH', `/${id}/content`, {
    edits: [{ find: 'Title', replace: 'Heading' }],
  })
  const { page } = ada
  page.on('dialog', () => expect('a script ran').toBe(''))
  await page.goto(`${server.url}/d/${id}?history&rev=1`)
  await expect(past(page).getByRole('heading', { name: 'Title' })).toBeVisible()
  await expect(past(page).locator('.history-formatted strong')).toHaveText('plain')
  await expect(past(page).locator('.history-formatted')).toHaveAttribute('title', /bold/)
  await expect(past(page).locator('ins')).toHaveText('!')
  await expect(past(page).locator('img')).toHaveCount(0)

  await page.goto(`${server.url}/d/${id}?history&compare=0..2`)
  const [older, newer] = [past(page).first(), past(page).last()]
  await expect(older.getByRole('heading')).toContainText('Title')
  await expect(older.locator('strong')).toHaveCount(0)
  await expect(newer.locator('strong')).toHaveText('plain')
  await page.getByRole('button', { name: 'Inline' }).click()
  await expect(past(page).locator('h1 del, h1 ins').first()).toBeVisible()
  await expect(past(page).locator('.history-formatted strong')).toHaveText('plain')

  await page.goto(`${server.url}/d/${id}?history&authors`)
  await past(page).locator('[data-run]').first().hover()
  await expect(page.getByTestId('author-tip')).toContainText('A guest')

  await page.goto(`${server.url}/d/${id}?history&rev=0`)
  await page.getByRole('button', { name: 'Play' }).click()
  await expect(past(page).locator('strong')).toHaveText('plain')
  await expect(past(page).getByRole('heading').locator('ins')).toHaveText('Heading')
})

test('a document that nobody changed says so', async ({ server, ada }) => {
  const id = await server.create({ content: 'as it was made\n' })
  await ada.page.goto(`${server.url}/d/${id}?history`)
  await expect(ada.page.getByTestId('no-history')).toContainText('Nobody has changed')
  await expect(past(ada.page)).toContainText('as it was made')
  await expect(ada.page.getByRole('button', { name: 'Play' })).toBeDisabled()
  await ada.page.goto(`${server.url}/d/nothing-here?history`)
  await expect(ada.page.getByTestId('stopped')).toContainText('There is no document')
})

test('who may only read looks, and takes nothing back', async ({ server, ada }) => {
  const id = await server.create({ content: 'a\n' })
  await append(server, id, 'b\n')
  const { page } = ada
  await page.routeWebSocket(/\/socket$/, (socket) => {
    const upstream = socket.connectToServer()
    upstream.onMessage((message) => {
      socket.send(String(message).replace('"role":"owner"', '"role":"viewer"'))
    })
  })
  await page.goto(`${server.url}/d/${id}?history&rev=0`)
  await expect(past(page)).toContainText('a')
  await expect(page.getByRole('button', { name: 'Compare' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Restore this version' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Name this version' })).toHaveCount(0)
  await page.getByRole('button', { name: 'More to do with this version' }).click()
  await expect(page.getByRole('menuitem', { name: /Undo one author/ })).toHaveCount(0)
})

test('what cannot be loaded is said, and tried again', async ({ server, ada }) => {
  const id = await server.create({ content: 'a\n' })
  await append(server, id, 'b\n')
  const { page } = ada
  await page.route('**/revisions?*', (route) => route.abort())
  await page.route('**/content?*', (route) => route.abort())
  await page.goto(`${server.url}/d/${id}?history`)
  await expect(page.getByText('The history could not be loaded.')).toBeVisible()
  await expect(page.getByText('This version could not be loaded.')).toBeVisible()
  await page.unroute('**/revisions?*')
  await page.unroute('**/content?*')
  const retry = page.getByRole('button', { name: 'Try again' })
  await retry.first().click()
  await retry.first().click()
  await expect(past(page)).toContainText('b')
  await expect(sessions(page)).toHaveCount(2)
})

test('on a phone the timeline is a sheet', async ({ server, ada }) => {
  const id = await server.create({ content: 'a\n' })
  await append(server, id, 'b\n')
  const { page } = ada
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${server.url}/d/${id}?history`)
  await expect(past(page)).toContainText('b')
  await expect(sessions(page).first()).toBeHidden()
  await page.getByRole('button', { name: 'Show the timeline' }).click()
  await entryOf(page, 1).click()
  await expect(past(page)).not.toContainText('b')
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(wide).toBe(390)
})

test('a long history and a large document stay usable', async ({ server, ada }) => {
  test.setTimeout(180_000)
  const line = 'a line of fifty letters, more or less, that stands\n'
  const id = await server.create({
    content: line.repeat(20_000),
    language: 'plain',
  })
  for (let i = 0; i < 130; i++) {
    await append(server, id, `change ${i}\n`)
    await api(server, 'POST', `/${id}/versions`, { name: `version ${i}` })
  }
  await api(server, 'POST', `/${id}/versions`, {
    name: 'version 2, renamed',
    rev: 3,
  })
  const { page } = ada
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(`${server.url}/d/${id}?history`)
  await expect(past(page)).toContainText('change 129')
  await expect(entryOf(page, 0)).toContainText('version 129')
  expect(await sessions(page).count()).toBeLessThanOrEqual(100)
  for (const url of asked.filter((url) => url.includes('/records'))) {
    expect(url).toContain('limit=1')
  }
  // A version can be compared with before the timeline has come to it.
  await page.goto(`${server.url}/d/${id}?history&compare=100..130`)
  await page.getByLabel('From', { exact: true }).selectOption('version 2, renamed')
  await expect(page).toHaveURL(/compare=3\.\.130$/)
  await page.getByRole('button', { name: 'Stop comparing' }).click()
  await expect(page).toHaveURL(/\?history$/)

  // The older ones come as they come in sight.
  await entryOf(page, 0).focus()
  await expect(async () => {
    await page.keyboard.press('End')
    await expect(sessions(page)).toHaveCount(131, { timeout: 1_000 })
  }).toPass()
  await entryOf(page, 100).click()
  await expect(past(page).locator('ins')).toHaveText('change 29')
  const start = Date.now()
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('button', { name: 'Inline' }).click()
  await expect(past(page).locator('ins')).toHaveText('change 29')
  expect(Date.now() - start).toBeLessThan(10_000)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing is in the way of those who cannot see well (${colorScheme})`, async ({
    server,
    ada,
  }) => {
    const id = await server.create({
      title: 'Plan',
      content: 'a\n',
      language: 'markdown',
    })
    await append(server, id, 'b\n')
    await api(server, 'PATCH', `/${id}/content`, {
      edits: [{ find: 'a', replace: 'c' }],
    })
    const { page } = ada
    await page.emulateMedia({ colorScheme })
    const views = ['', '&authors', '&compare=0..2', '&rev=0']
    for (const view of views) {
      await page.goto(`${server.url}/d/${id}?history${view}`)
      await expect(page.getByRole('textbox').first()).toBeVisible()
      await expect(sessions(page)).toHaveCount(2)
      const { violations } = await new AxeBuilder({ page }).analyze()
      const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect(grave.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
    }
    await page.getByRole('button', { name: 'Restore this version' }).click()
    await expect(page.getByTestId('preview').locator('ins').first()).toBeVisible()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.filter(({ impact }) => impact === 'serious').map(({ id }) => id)).toEqual([])
  })
}
