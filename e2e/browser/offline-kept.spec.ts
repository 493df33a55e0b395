import type { BrowserContext, Page } from '@playwright/test'
import { Person } from './person.ts'
import { expect, expectAgreement, test } from './test.ts'

/** Waits until the browser has the app itself. */
async function appKept(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready)
}

async function reopened(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  return page
}

test('500 edits offline outlive the tab and meet those of the others', async ({
  server,
  ada,
  bob,
}, info) => {
  test.setTimeout(120_000)
  const id = await server.create({
    title: 'Diary',
    content: 'start\n',
    language: 'plain',
  })
  await Promise.all([ada.open(id), bob.open(id)])
  await appKept(ada.page)
  await server.end('SIGKILL')
  await expect(ada.saveState).not.toHaveText('Saved')
  await ada.press('ControlOrMeta+Home')
  const words = Array.from({ length: 100 }, (_, i) => `a${String(i).padStart(3, '0')}`)
  const offline = words.map((word) => `${word} `).join('')
  await ada.type(offline, 0)
  await expect(ada.saveState).toHaveText(/500 changes kept here/)
  const { context, url } = { context: ada.page.context(), url: ada.page.url() }
  await ada.page.close()

  // Without the server, what was written is there at once, and goes on.
  const away = Person.at(await reopened(context, url), server)
  await expect(away.text).toContainText('a099 start')
  await expect(away.saveState).toHaveText(/500 changes kept here/)
  await expect(away.page.getByLabel('Title')).toHaveValue('Diary')
  await away.press('ControlOrMeta+Home')
  await away.type('first ', 0)
  await expect(away.saveState).toHaveText(/506 changes kept here/)
  await info.attach('away', {
    body: await away.page.screenshot(),
    contentType: 'image/png',
  })
  await away.page.close()

  await server.start()
  await bob.press('ControlOrMeta+End')
  await bob.type('bob was here')
  await bob.saved()
  const back = Person.at(await reopened(context, url), server)
  await expect(back.text).toContainText('bob was here')
  await back.text.focus()
  await back.press('ControlOrMeta+Home')
  await back.type('> ')
  expect(await expectAgreement(server, id, back, bob)).toBe(`> first ${offline}start\nbob was here`)
})

test('a tab that is closed while it types loses nothing', async ({ server, ada }) => {
  const id = await server.create({ content: '', language: 'plain' })
  await ada.open(id)
  await server.end('SIGKILL')
  await ada.type('typed just before the end', 0)
  const { context, url } = { context: ada.page.context(), url: ada.page.url() }
  await ada.page.close({ runBeforeUnload: true })
  await server.start()
  const back = Person.at(await reopened(context, url), server)
  await expect(back.text).toContainText('typed just before the end')
  await back.saved()
  expect(await server.content(id)).toBe('typed just before the end')
})

test('two tabs of one person keep to themselves, and both are merged', async ({ server, ada }) => {
  const id = await server.create({ content: 'start\n', language: 'plain' })
  await ada.open(id)
  const context = ada.page.context()
  const url = ada.page.url()
  const other = Person.at(await reopened(context, url), server)
  await expect(other.text).toBeEditable()
  await other.text.focus()
  await appKept(other.page)
  await server.end('SIGKILL')
  await ada.press('ControlOrMeta+Home')
  await ada.type('one ')
  await other.press('ControlOrMeta+End')
  await other.type('two')
  await expect(ada.saveState).toHaveText(/4 changes kept here/)
  await expect(other.saveState).toHaveText(/3 changes kept here/)
  await ada.page.close()
  await other.page.close()

  await server.start()
  const back = Person.at(await reopened(context, url), server)
  await expect.poll(() => server.content(id), { timeout: 30_000 }).toBe('one start\ntwo')
  await expect(back.text).toContainText('two')
  expect(await expectAgreement(server, id, back)).toBe('one start\ntwo')
})

test('what a closed tab left is sent when the app is opened, wherever', async ({ server, ada }) => {
  const id = await server.create({ content: '', language: 'plain' })
  await ada.open(id)
  await server.end('SIGKILL')
  await ada.type('left behind')
  await expect(ada.saveState).toHaveText(/11 changes kept here/)
  const context = ada.page.context()
  await ada.page.close()
  await server.start()
  await reopened(context, server.url)
  await expect.poll(() => server.content(id), { timeout: 30_000 }).toBe('left behind')
})

test('a new version of the app is seen at the next visit', async ({ server, ada }) => {
  const id = await server.create({ content: 'x', language: 'plain' })
  await ada.open(id)
  await appKept(ada.page)
  const cached = await ada.page.evaluate(async () => {
    const names = await caches.keys()
    const keys = await Promise.all(
      names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)),
    )
    return keys.flat()
  })
  expect(cached).toContain(`${server.url}/`)
  expect(cached.filter((url) => url.includes('/api/'))).toEqual([])
  await ada.page.evaluate(async () => {
    const [name = ''] = await caches.keys()
    const old = new Response('<p>of old</p>', {
      headers: { 'Content-Type': 'text/html' },
    })
    await (await caches.open(name)).put('/', old)
  })
  // What is cached is shown where there is no server, and only there.
  await ada.open(id)
  await server.end('SIGKILL')
  await ada.page.reload()
  await expect(ada.page.locator('body')).toHaveText('of old')
  await server.start()
  await ada.open(id)
})
