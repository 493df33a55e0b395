import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { deflateSync } from 'node:zlib'
import { Person } from './person.ts'
import { expect, test } from './test.ts'
import { wordHtml } from './word.ts'

const control = (person: Person, name: string) =>
  person.page.getByRole('toolbar', { name: 'Formatting' }).getByRole('button', {
    name,
    exact: true,
  })

/** What the editor shows, without what is left behind by showing it. */
const html = (person: Person) =>
  person.text.evaluate((root) => root.innerHTML.replaceAll(' style=""', ''))

/** Pastes as a browser does that has more than text on its clipboard. */
async function pasteHtml(page: Page, markup: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Document text' }).evaluate((root, markup) => {
    const data = new DataTransfer()
    data.setData('text/html', markup)
    data.setData('text/plain', 'plain')
    root.dispatchEvent(
      new ClipboardEvent('paste', {
        clipboardData: data,
        bubbles: true,
        cancelable: true,
      }),
    )
  }, markup)
}

function crc(bytes: Buffer): number {
  let value = ~0
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0)
  }
  return ~value >>> 0
}

/** A picture of one colour. */
function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, 0x80)])
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

test('two people write and format one text, and undo their own', async ({
  server,
  ada,
  bob,
}, info) => {
  const id = await server.create({
    kind: 'rich',
    title: 'Trip',
    content: 'Trip\nBoots\nThe end\n',
  })
  await Promise.all([ada.open(id), bob.open(id)])
  await ada.press('ControlOrMeta+Home')
  await ada.page.getByLabel('Paragraph style').selectOption('Heading 1')
  await bob.text.getByText('Boots').click()
  await control(bob, 'Checklist').click()
  await bob.press('End')
  await bob.type(' and a hat')
  await ada.press('End')
  await control(ada, 'Bold').click()
  await ada.type(' to the coast')
  await expect
    .poll(() => server.delta(id))
    .toEqual([
      { insert: 'Trip' },
      { insert: ' to the coast', attributes: { bold: true } },
      { insert: '\n', attributes: { header: 1 } },
      { insert: 'Boots and a hat' },
      { insert: '\n', attributes: { list: 'unchecked' } },
      { insert: 'The end\n' },
    ])
  await expect(bob.text.getByRole('heading', { level: 1 })).toHaveText('Trip to the coast')
  await expect(control(ada, 'Bold')).toHaveAttribute('aria-pressed', 'true')
  await expect(bob.page.locator('.ql-cursor-name')).toHaveText('Ada')
  await info.attach('rich', {
    body: await ada.page.screenshot(),
    contentType: 'image/png',
  })

  // What was typed within a second goes at once, so that it takes a click or more.
  await expect(async () => {
    await control(ada, 'Undo').click()
    await ada.saved()
    expect(await server.content(id)).toBe('Trip\nBoots and a hat\nThe end\n')
  }).toPass()
  await bob.press('ControlOrMeta+Enter')
  await expect(ada.text.locator('li[data-list=checked]')).toHaveText(/Boots and a hat/)
  await ada.saved()
  expect(await html(ada)).toBe(await html(bob))
})

test('the toolbar is one stop for Tab, and can be left for the text again', async ({
  server,
  ada,
}) => {
  const id = await server.create({ kind: 'rich', content: 'some words\n' })
  await ada.open(id)
  await ada.press('ControlOrMeta+a')
  await ada.press('Escape')
  await expect(control(ada, 'Undo')).toBeFocused()
  await ada.page.keyboard.press('ArrowRight')
  await ada.page.keyboard.press('ArrowRight')
  await expect(ada.page.getByLabel('Paragraph style')).toBeFocused()
  await ada.page.keyboard.press('ArrowRight')
  await expect(control(ada, 'Bold')).toBeFocused()
  await ada.page.keyboard.press('Enter')
  await expect(ada.text.locator('strong')).toHaveText('some words')
  await expect(ada.text).toBeFocused()
  await ada.press('ControlOrMeta+Shift+x')
  await expect(ada.text.locator('s')).toHaveText('some words')
  await ada.press('ControlOrMeta+Alt+2')
  await expect(ada.text.getByRole('heading', { level: 2 })).toHaveText('some words')
})

test('links are made, opened, changed and removed', async ({ server, ada, bob }) => {
  const id = await server.create({
    kind: 'rich',
    content: 'see the station\n',
  })
  await Promise.all([ada.open(id), bob.open(id)])
  await ada.text.getByText('see the station').dblclick({ position: { x: 90, y: 12 } })
  await ada.press('ControlOrMeta+Shift+k')
  const dialog = ada.page.getByRole('dialog', { name: 'Add link' })
  await dialog.getByLabel('Address').fill('javascript:alert(1)')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByRole('alert')).toContainText('no address')
  // What is being linked stays that, also when others write before it.
  await bob.press('ControlOrMeta+Home')
  await bob.type('Please ')
  await expect(ada.text).toContainText('Please see')
  await dialog.getByLabel('Address').fill('example.org/station')
  await dialog.getByRole('button', { name: 'Save' }).click()
  const link = bob.text.getByRole('link')
  await expect(link).toHaveText('station')
  await expect(link).toHaveAttribute('href', 'https://example.org/station')
  await expect(ada.text).toBeFocused()

  await ada.press('ArrowLeft')
  await expect(ada.page.locator('.bubble').getByRole('link')).toHaveAttribute(
    'href',
    'https://example.org/station',
  )
  await ada.page.getByRole('button', { name: 'Remove link' }).click()
  await expect(link).toHaveCount(0)
})

test('pictures are uploaded as files, and what cannot be one says why', async ({
  server,
  ada,
  bob,
}) => {
  const id = await server.create({ kind: 'rich', content: 'picture: \n' })
  await Promise.all([ada.open(id), bob.open(id)])
  await ada.press('ControlOrMeta+Home', 'End')
  const chooser = ada.page.locator('input[type=file]')
  await chooser.setInputFiles({
    name: 'a.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('a'),
  })
  await expect(ada.page.getByText('a.txt was not added.')).toContainText('Only pictures')
  await chooser.setInputFiles({
    name: 'large.png',
    mimeType: 'image/png',
    buffer: Buffer.alloc(11 * 1024 * 1024),
  })
  await expect(ada.page.getByText('large.png was not added.')).toContainText('at most 10 MB')
  await chooser.setInputFiles({
    name: 'fake.png',
    mimeType: 'image/png',
    buffer: Buffer.from('no picture'),
  })
  await expect(ada.page.getByText('fake.png was not added.')).toBeVisible()
  await chooser.setInputFiles({
    name: 'b.png',
    mimeType: 'image/png',
    buffer: png(30, 20),
  })
  const picture = bob.text.locator('img')
  await expect(picture).toHaveAttribute('src', new RegExp(`^/api/v1/documents/${id}/files/`))
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(30)
  expect(JSON.stringify(await server.delta(id))).not.toContain('base64')
})

test('what is pasted from Word and from pages is clean', async ({ server, ada }) => {
  const id = await server.create({ kind: 'rich', content: '\n' })
  await ada.open(id)
  await pasteHtml(ada.page, wordHtml)
  await expect
    .poll(() => server.delta(id))
    .toEqual([
      { insert: 'Minutes' },
      { insert: '\n', attributes: { header: 1 } },
      { insert: 'Present were ' },
      { insert: 'everybody', attributes: { bold: true } },
      { insert: ' and ' },
      { insert: 'nobody', attributes: { italic: true } },
      { insert: ' else, see ' },
      { insert: 'here', attributes: { link: 'https://example.org/minutes' } },
      { insert: '.' },
      { insert: '\n', attributes: { align: 'justify' } },
      { insert: 'Boots' },
      { insert: '\n', attributes: { list: 'bullet' } },
      { insert: 'brown ones' },
      { insert: '\n', attributes: { list: 'bullet', indent: 1 } },
      { insert: 'Leave' },
      { insert: '\n', attributes: { list: 'ordered' } },
      { insert: '\n' },
    ])
  await expect(ada.page.getByText('1 picture could not be pasted.')).toBeVisible()

  await ada.press('ControlOrMeta+a', 'Delete')
  const inline = `data:image/png;base64,${png(7, 5).toString('base64')}`
  await pasteHtml(
    ada.page,
    `<p onclick="parent.ran=1">a<img src="${inline}"><img src="https://elsewhere.example/x.png" alt="A cat"
      onerror="parent.ran=1"><script>parent.ran=1</script><a href="javascript:parent.ran=1">b</a></p>`,
  )
  await expect(
    ada.page.getByText('1 picture from another site was pasted as a link.'),
  ).toBeVisible()
  await expect(ada.text.locator('img')).toHaveAttribute('src', /^\/api\/v1\/documents\//)
  await expect(ada.text.getByRole('link', { name: 'A cat' })).toHaveAttribute(
    'href',
    'https://elsewhere.example/x.png',
  )
  await ada.saved()
  expect(JSON.stringify(await server.delta(id))).not.toMatch(/javascript:|base64|ran=1/)
  expect(await ada.page.evaluate(() => 'ran' in globalThis)).toBe(false)
})

test('an input method composes while others write, and all of it arrives', async ({
  server,
  ada,
  bob,
}) => {
  const id = await server.create({ kind: 'rich', content: 'start end\n' })
  await Promise.all([ada.open(id), bob.open(id)])
  await ada.press('ControlOrMeta+Home')
  for (let step = 0; step < 6; step++) await ada.press('ArrowRight')
  const cdp = await ada.page.context().newCDPSession(ada.page)
  const compose = (text: string) =>
    cdp.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    })
  await compose('に')
  await bob.press('ControlOrMeta+Home')
  await bob.type('Bob ')
  await bob.saved()
  await compose('にほ')
  await compose('日本')
  await expect(ada.text).not.toContainText('Bob')
  await cdp.send('Input.insertText', { text: '日本' })
  await expect(ada.text).toHaveText('Bob start 日本end')
  await expect(bob.text).toHaveText('Bob start 日本end')
  await ada.type('!')
  await expect.poll(() => server.content(id)).toBe('Bob start 日本!end\n')
})

test('an offline writer’s formats meet what the others wrote', async ({ server, ada, bob }) => {
  const id = await server.create({ kind: 'rich', content: 'one\ntwo\n' })
  await Promise.all([ada.open(id), bob.open(id)])
  await ada.page.context().setOffline(true)
  await expect(ada.saveState).toHaveText(/Offline/)
  await ada.text.getByText('two').click()
  await ada.press('ControlOrMeta+Alt+1')
  await bob.press('ControlOrMeta+Home')
  await bob.type('zero ')
  await bob.text.getByText('two').click()
  await control(bob, 'Bulleted list').click()
  await bob.saved()
  await ada.page.context().setOffline(false)
  await ada.saved()
  // Both formats are in the document; everybody is shown the same one of them.
  await expect(bob.text.locator('li')).toHaveText('two')
  await expect(ada.text.locator('li')).toHaveText('two')
  await expect.poll(() => html(ada)).toBe(await html(bob))
})

test('who may only read has no toolbar, and can still reach the text', async ({ server, ada }) => {
  const id = await server.create({ kind: 'rich', content: 'read me\n' })
  await ada.page.routeWebSocket(/\/socket$/, (socket) => {
    const upstream = socket.connectToServer()
    upstream.onMessage((message) =>
      socket.send(String(message).replace(/"role":"\w+"/, '"role":"viewer"')),
    )
  })
  await ada.page.goto(`${server.url}/d/${id}`)
  await expect(ada.text).toHaveText('read me')
  await expect(ada.text).not.toBeEditable()
  await expect(ada.page.getByRole('toolbar')).toHaveCount(0)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious in a rich document, ${colorScheme}`, async ({
    server,
    ada,
    bob,
  }) => {
    const { page } = ada
    await page.emulateMedia({ colorScheme })
    const id = await server.create({
      kind: 'rich',
      title: 'Trip',
      content: [
        { insert: 'Trip' },
        { insert: '\n', attributes: { header: 1 } },
        { insert: 'see ' },
        { insert: 'here', attributes: { link: 'https://example.org/' } },
        { insert: ' and ' },
        { insert: 'code', attributes: { code: true } },
        { insert: { image: 'https://elsewhere.example/x.png' } },
        { insert: '\nBoots' },
        { insert: '\n', attributes: { list: 'checked' } },
        { insert: 'so it is' },
        { insert: '\n', attributes: { blockquote: true } },
      ],
    })
    await Promise.all([ada.open(id), bob.open(id)])
    await bob.text.getByText('Boots').click()
    await expect(page.locator('.ql-cursor-name')).toHaveText('Bob')
    await ada.text.getByRole('link').click()
    await expect(page.getByRole('button', { name: 'Remove link' })).toBeVisible()
    const grave = async () => {
      const { violations } = await new AxeBuilder({ page }).exclude('.ql-cursors').analyze()
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
    }
    expect(await grave()).toEqual([])
    await ada.press('ControlOrMeta+Shift+k')
    await expect(page.getByRole('dialog')).toBeVisible()
    expect(await grave()).toEqual([])
  })
}

test('on a phone the toolbar scrolls, and the page does not', async ({ server, ada }) => {
  await ada.page.setViewportSize({ width: 390, height: 844 })
  const title = 'A title that is longer than a phone is wide, and then some'
  const id = await server.create({ kind: 'rich', title, content: 'some words\n' })
  await ada.open(id)
  await expect(ada.page.getByRole('button', { name: 'Share' })).toBeInViewport()
  await control(ada, 'Clear formatting').scrollIntoViewIfNeeded()
  await expect(control(ada, 'Clear formatting')).toBeInViewport()
  const { scrollWidth, scrollHeight } = await ada.page
    .locator('html')
    .evaluate(({ scrollWidth, scrollHeight }) => ({ scrollWidth, scrollHeight }))
  expect(scrollWidth).toBeLessThanOrEqual(390)
  expect(scrollHeight).toBeLessThanOrEqual(844)
})

test('a picture that is dropped is uploaded, where it is dropped', async ({ server, ada, bob }) => {
  const id = await server.create({ kind: 'rich', content: 'above\nbelow\n' })
  await Promise.all([ada.open(id), bob.open(id)])
  await ada.text.evaluate(
    (root, bytes) => {
      const below = root.children[1]?.getBoundingClientRect() ?? new DOMRect()
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([new Uint8Array(bytes)], 'a.png', { type: 'image/png' }))
      const at = { clientX: below.x + 1, clientY: below.y + below.height / 2 }
      const more = { dataTransfer, bubbles: true, cancelable: true }
      root.children[1]?.dispatchEvent(new DragEvent('drop', { ...at, ...more }))
    },
    Array.from(png(40, 20)),
  )
  const picture = bob.text.locator('p').nth(1).locator('img')
  await expect(picture).toHaveJSProperty('naturalWidth', 40)
  await expect.poll(() => server.content(id)).toBe('above\n\ufffcbelow\n')
  await ada.saved()
})

test('a click on somebody leads to where they are in a rich text, and following stays there', async ({
  server,
  ada,
  bob,
}) => {
  const content = Array.from({ length: 200 }, (_, i) => `line ${i}\n`).join('')
  const id = await server.create({ kind: 'rich', content })
  await Promise.all([ada.open(id), bob.open(id)])
  await bob.press('ControlOrMeta+Home')
  await ada.press('ControlOrMeta+End')
  await ada.type('here')
  await expect(bob.text.getByText('here')).not.toBeInViewport()
  await bob.page.getByTestId('people').getByRole('button', { name: 'Ada' }).click()
  await expect(bob.text.getByText('here')).toBeInViewport()
  await bob.page.getByRole('button', { name: 'Follow Ada' }).click()
  await expect(bob.page.getByTestId('following')).toContainText('Following Ada')
  await ada.press('ControlOrMeta+Home')
  await ada.type('now there ')
  await expect(bob.text.getByText('now there')).toBeInViewport()
})

test('what is written offline in a rich text outlives the tab', async ({ server, ada, bob }) => {
  const id = await server.create({ kind: 'rich', content: 'a list\n' })
  await Promise.all([ada.open(id), bob.open(id)])
  await ada.saved()
  await server.end('SIGKILL')
  await ada.press('ControlOrMeta+a')
  await control(ada, 'Bold').click()
  await ada.press('ControlOrMeta+End')
  await ada.type(' of mine')
  await expect(ada.saveState).toContainText('kept')
  const context = ada.page.context()
  await ada.page.goto('about:blank')
  await server.start()
  await bob.saved()
  await bob.press('ControlOrMeta+Home')
  await bob.type('Bob: ')
  await bob.saved()
  const back = Person.at(await context.newPage(), server)
  await back.open(id)
  await back.saved()
  await expect.poll(() => server.content(id)).toBe('Bob: a list of mine\n')
  await expect(back.text.locator('strong').filter({ hasText: 'a list' })).toBeVisible()
  expect(await html(back)).toBe(await html(bob))
})
