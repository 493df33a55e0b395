import { chromium, type BrowserContext, type Frame } from '@playwright/test'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Server } from './server.ts'
import { expect, test as base } from './test.ts'
import { framePage, libraryPage, Wiki } from './wiki.ts'

/** Uses a browser in which pages of another site have no cookies, unless they are let. */
async function withBrowser(
  wiki: Wiki,
  { cookies }: { cookies: boolean },
  use: (context: BrowserContext) => Promise<void>,
): Promise<void> {
  const { launchOptions } = base.info().project.use
  const folder = mkdtempSync(join(tmpdir(), 'tutti-profile-'))
  mkdirSync(join(folder, 'Default'))
  // As the settings page has it: 1 blocks those of third parties.
  const preferences = { profile: { cookie_controls_mode: cookies ? 0 : 1 } }
  writeFileSync(join(folder, 'Default/Preferences'), JSON.stringify(preferences))
  const context = await chromium.launchPersistentContext(folder, {
    ...launchOptions,
    args: [
      ...(launchOptions?.args ?? []).filter((arg) => !arg.startsWith('--host-resolver-rules')),
      '--host-resolver-rules=MAP wiki.test 127.0.0.1 , MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
      // Only the loopback itself needs no TLS for that.
      `--unsafely-treat-insecure-origin-as-secure=${wiki.origin}`,
    ],
    locale: 'en-GB',
    viewport: { width: 1100, height: 700 },
  })
  await use(context)
  await context.close()
  // Something of the browser still writes there for a moment.
  await rm(folder, { recursive: true, maxRetries: 20 })
}

const test = base.extend<{ wiki: Wiki; tutti: Server; context: BrowserContext }>({
  wiki: async ({}, use) => {
    const wiki = new Wiki()
    await use(wiki)
    wiki.close()
  },
  tutti: async ({ wiki }, use) => {
    const tutti = new Server()
    await tutti.start(...(await wiki.start()))
    await tutti.administer('boss', 'correct horse')
    await use(tutti)
    await tutti.dispose()
  },
  context: async ({ wiki, tutti }, use) => {
    if (!tutti.url) throw new Error('tutti comes first: it has the wiki started')
    await withBrowser(wiki, { cookies: false }, use)
  },
})

const grace = { id: '42', name: 'Grace' }

const editorIn = (frame: Frame) => frame.getByRole('textbox', { name: 'Document text' })

async function frameIn(context: BrowserContext, address: string): Promise<Frame> {
  const page = await context.newPage()
  await page.goto(address)
  const frame = page.frames()[1]
  if (!frame) throw new Error('there is no frame')
  return frame
}

test('the browser of these tests sends no cookie from within a page of another site', async ({
  wiki,
  tutti,
  context,
}) => {
  expect(tutti.url).not.toContain('wiki.test')
  const third = createServer(({ headers: { cookie } }, response) => {
    response.setHeader('Set-Cookie', 'third=party; SameSite=None; Secure')
    response.setHeader('Content-Type', 'text/html')
    response.end(`cookies: ${cookie ?? 'none'}`)
  })
  await new Promise<void>((resolve) => third.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(third.address() as AddressInfo).port}`
  wiki.pages.set('/', `<iframe src="${address}"></iframe>`)
  const look = async (browser: BrowserContext, seen: string) => {
    const page = await browser.newPage()
    await page.goto(address)
    await page.goto(address)
    await expect(page.locator('body')).toHaveText('cookies: third=party')
    const frame = await frameIn(browser, wiki.origin)
    await expect(frame.locator('body')).toHaveText(seen)
  }
  await look(context, 'cookies: none')
  await withBrowser(wiki, { cookies: true }, (other) => look(other, 'cookies: third=party'))
  third.close()
})

test('the people of another product write in a frame by its tokens, for longer than one lasts', async ({
  wiki,
  tutti,
  context,
}, info) => {
  const id = await tutti.create({ title: 'Notes', content: 'Hello\n', language: 'markdown' })
  wiki.pages.set('/', framePage(tutti.url, id))
  let asked = 0
  wiki.token = () => {
    asked++
    return wiki.sign(grace, { [id]: 'editor' }, 8)
  }
  let sockets = 0
  context.on('page', (page) => page.on('websocket', () => sockets++))
  const addresses: string[] = []
  context.on('request', (request) => addresses.push(request.url()))
  const frame = await frameIn(context, wiki.origin)
  const text = editorIn(frame)
  await expect(text).toContainText('Hello')
  await text.press('ControlOrMeta+End')
  let typed = ''
  while (asked < 3) {
    await text.pressSequentially('word ')
    typed += 'word '
  }
  await expect(frame.getByTestId('save-state')).toHaveText('Saved')
  expect(await tutti.content(id)).toBe(`Hello\n${typed}`)
  // The session went on by the next token: nobody saw Grace go and come.
  expect(sockets).toBe(1)
  await info.attach('frame', { body: await frame.page().screenshot(), contentType: 'image/png' })

  // Grace has no log-in for a tab of its own, and the token is in no address.
  await expect(frame.getByRole('link', { name: 'Open in a tab of its own' })).toHaveCount(0)
  expect(addresses.filter((address) => address.includes('eyJ'))).toEqual([])
  expect(await context.cookies(tutti.url)).toEqual([])
})

test('pictures, files and chat in a frame go by the token, too', async ({
  wiki,
  tutti,
  context,
}) => {
  const dot = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
  const id = await tutti.create({ kind: 'rich', title: 'Plan' })
  const image = await tutti.upload(id, dot)
  wiki.pages.set('/', framePage(tutti.url, id))
  wiki.token = () => wiki.sign(grace, { [id]: 'editor' })
  const frame = await frameIn(context, wiki.origin)
  const text = editorIn(frame)
  await expect(text).toBeEditable()
  await tutti.write(id, [{ insert: { image } }, { insert: '\n' }])
  const pictures = text.locator('img')
  const shown = () =>
    pictures.evaluateAll((all) => all.map((image) => (image as HTMLImageElement).naturalWidth))
  await expect.poll(shown).toEqual([1])
  await text.press('ControlOrMeta+End')
  await frame.locator('input[type=file]').setInputFiles({
    name: 'dot.gif',
    mimeType: 'image/gif',
    buffer: dot,
  })
  await expect.poll(shown).toEqual([1, 1])
  await expect(frame.getByTestId('save-state')).toHaveText('Saved')
  const images = (await tutti.delta(id)).filter(({ insert }) => typeof insert === 'object')
  expect(images.map(({ insert }) => insert)).toEqual([{ image }, { image }])

  await frame.getByRole('button', { name: 'Chat' }).click()
  await frame.getByRole('textbox', { name: 'Message' }).fill('by Grace')
  await frame.getByRole('textbox', { name: 'Message' }).press('Enter')
  await expect(frame.getByText('by Grace')).toBeVisible()
})

test('a frame works where nothing can be stored, and takes the word of no other site', async ({
  wiki,
  tutti,
  context,
}) => {
  const id = await tutti.create({ title: 'Notes', content: 'Hello\n', language: 'plain' })
  wiki.token = () => wiki.sign(grace, { [id]: 'editor' })
  await context.addInitScript((origin) => {
    if (location.origin !== origin) return
    const refuse = () => {
      throw new DOMException('Access is denied for this document.', 'SecurityError')
    }
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
      Object.defineProperty(window, name, { get: refuse })
  }, tutti.url)
  wiki.pages.set('/', framePage(tutti.url, id))
  const frame = await frameIn(context, wiki.origin)
  const text = editorIn(frame)
  await text.press('ControlOrMeta+End')
  await text.pressSequentially('kept nowhere else')
  await expect(frame.getByTestId('save-state')).toHaveText('Saved')
  expect(await tutti.content(id)).toBe('Hello\nkept nowhere else')

  // A window of another origin that hands over a token is not heard: only the page around is.
  wiki.pages.set('/silent', `<iframe src="${tutti.url}/d/${id}?embed=1"></iframe>`)
  const silent = await frameIn(context, `${wiki.origin}/silent`)
  const token = wiki.token()
  await silent.evaluate((token) => {
    const frame = document.createElement('iframe')
    frame.srcdoc = `<script>parent.postMessage({tutti:'token',token:'${token}'},'*')</script>`
    document.body.append(frame)
    postMessage({ tutti: 'token', token }, '*')
  }, token)
  await expect(silent.getByText('You need to sign in to open this document.')).toBeVisible()
  await expect(silent.getByTestId('stopped').getByRole('link')).toHaveCount(0)
})

test('the client library works in a page of another origin, by a token', async ({
  wiki,
  tutti,
  context,
}) => {
  const id = await tutti.create({ id: 'notes', content: 'Hello\n', language: 'plain' })
  wiki.pages.set('/', await libraryPage(tutti.url, id))
  wiki.token = () => wiki.sign(grace, { notes: 'editor', other: 'owner' }, 4)
  const page = await context.newPage()
  await page.goto(wiki.origin)
  const text = page.getByRole('textbox', { name: 'Text' })
  await expect(text).toBeEditable()
  await text.press('ControlOrMeta+End')
  await text.pressSequentially('from a page of the wiki')
  await expect.poll(() => tutti.content(id)).toBe('Hello\nfrom a page of the wiki')

  // REST as well, and errors can be read.
  const call = (token: string) =>
    page.evaluate(
      async ([address, token]) => {
        const response = await fetch(address ?? '', {
          method: 'PATCH',
          headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
          body: JSON.stringify({ edits: [{ append: '!' }] }),
        })
        return [response.status, ((await response.json()) as { code?: string }).code]
      },
      [`${tutti.url}/api/v1/documents/notes/content`, token],
    )
  expect(await call(wiki.token())).toEqual([200, undefined])
  expect(await call('nonsense')).toEqual([401, 'unauthorized'])
  await expect(text).toHaveValue('Hello\nfrom a page of the wiki!')
})
