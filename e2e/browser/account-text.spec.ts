import type { Locator, Page } from '@playwright/test'
import { expect, Member, password, test } from './accounts.ts'
import type { Server } from './server.ts'

const text = (page: Page): Locator => page.getByRole('textbox', { name: 'Document text' })
const saveState = (page: Page): Locator => page.getByTestId('save-state')
const stopped = (page: Page): Locator => page.getByTestId('stopped')

async function write(page: Page, what: string): Promise<void> {
  await text(page).press('ControlOrMeta+End')
  await text(page).pressSequentially(what, { delay: 10 })
}

async function signIn(page: Page, login: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Login name or e-mail address' }).fill(login)
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** What a document says, to somebody who may read it. */
async function content(server: Server, who: Member, id: string): Promise<string> {
  const { request } = who.page.context()
  const response = await request.get(`${server.url}/api/v1/documents/${id}/content`)
  expect(response.status()).toBe(200)
  return response.text()
}

/** A document of Ada's in which both may write, open at her browser. */
async function shared(ada: Member, bob: Member): Promise<string> {
  const id = await ada.create({ title: 'A plan', content: 'first ', language: 'plain' })
  await ada.grant(id, bob.id, 'editor')
  await ada.open(id)
  await expect(text(ada.page)).toBeEditable()
  await expect(saveState(ada.page)).toHaveText('Saved')
  return id
}

/** While the server is away Ada writes; then Bob's log-in takes the place of hers. */
async function swapped(server: Server, ada: Member, bob: Member): Promise<void> {
  await server.end('SIGKILL')
  await expect(saveState(ada.page)).not.toHaveText('Saved')
  await write(ada.page, 'of Ada')
  await expect(saveState(ada.page)).toHaveText(/6 changes kept here/)
  await ada.page.context().addCookies(await bob.page.context().cookies())
  await server.start()
}

test('what Ada wrote is not sent as Bob, but once she is back, once', async ({
  server,
  ada,
  bob,
}, info) => {
  const { page } = ada
  const id = await shared(ada, bob)
  await swapped(server, ada, bob)
  await expect(stopped(page)).toContainText('Somebody else is signed in here now.')
  await expect(stopped(page)).toContainText('kept on this device')
  await expect(text(page)).toContainText('first of Ada')
  expect(await content(server, bob, id)).toBe('first ')
  await info.attach('another person', { body: await page.screenshot(), contentType: 'image/png' })
  await stopped(page).getByRole('button', { name: 'Copy unsaved text' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('of Ada')

  await stopped(page).getByRole('link', { name: 'Sign in as Ada' }).click()
  await signIn(page, 'ada')
  await expect(saveState(page)).toHaveText('Saved')
  await expect(text(page)).toContainText('first of Ada')
  expect(await content(server, ada, id)).toBe('first of Ada')
})

test('Bob, whose page it is when loaded again, neither sees nor sends it', async ({
  server,
  ada,
  bob,
}) => {
  const { page } = ada
  const id = await shared(ada, bob)
  await swapped(server, ada, bob)
  await expect(stopped(page)).toBeVisible()
  await page.reload()
  await expect(page.getByRole('button', { name: /You are Bob/ })).toBeVisible()
  await write(page, 'of Bob')
  await expect(saveState(page)).toHaveText('Saved')
  expect(await content(server, bob, id)).toBe('first of Bob')

  await page.goto(`${server.url}/?signin&another&to=/d/${id}`)
  await signIn(page, 'ada')
  await expect(page.getByRole('button', { name: /You are Ada/ })).toBeVisible()
  await expect.poll(() => content(server, ada, id)).toContain('of Ada')
  expect((await content(server, ada, id)).split('of Ada')).toHaveLength(2)
})

interface Line {
  /** Keeps back what is written from now on. */
  slow(): void
  /** Lets it all go, as far as the server still hears it. */
  restore(): void
}

/** Stands between a page and the server. */
async function lineOf(page: Page): Promise<Line> {
  let isSlow = false
  let held: (() => void)[] = []
  await page.routeWebSocket(/\/socket$/, (socket) => {
    const server = socket.connectToServer()
    socket.onMessage((message) => {
      if (isSlow && String(message).includes('"t":"op"')) held.push(() => server.send(message))
      else server.send(message)
    })
  })
  return {
    slow: () => (isSlow = true),
    restore() {
      isSlow = false
      for (const send of held) send()
      held = []
    },
  }
}

test('a log-in that its owner ends elsewhere ends here, and the text waits for the next', async ({
  server,
  ada,
  bob,
}) => {
  const { page } = bob
  const line = await lineOf(page)
  const id = await shared(bob, ada)
  line.slow()
  await write(page, 'of Bob')
  await expect(saveState(page)).toHaveText('Saving…')
  const { items } = (await bob.call('GET', '/logins')) as { items: { id: string }[] }
  expect(items).toHaveLength(1)
  await bob.call('DELETE', `/logins/${items[0]?.id}`)
  await expect(stopped(page)).toContainText('You are signed out.')
  await expect(text(page)).toContainText('first of Bob')
  expect(await content(server, ada, id)).toBe('first ')

  line.restore()
  await stopped(page).getByRole('link', { name: 'Sign in' }).click()
  await signIn(page, 'bob')
  await expect(saveState(page)).toHaveText('Saved')
  await write(page, ', on and on')
  await expect(saveState(page)).toHaveText('Saved')
  expect(await content(server, ada, id)).toBe('first of Bob, on and on')
})

test('signing out warns of what is unsent, which is sent at the next time', async ({
  server,
  ada,
  bob,
}) => {
  const { page } = bob
  const line = await lineOf(page)
  const id = await shared(bob, ada)
  line.slow()
  await write(page, 'of Bob')
  const signOut = async () => {
    await page.getByRole('button', { name: /You are Bob/ }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
  }
  await signOut()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('6 changes have not reached the server yet.')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(text(page)).toContainText('first of Bob')
  await signOut()
  await dialog.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  expect(await content(server, ada, id)).toBe('first ')

  line.restore()
  await signIn(page, 'bob')
  await expect(page.getByRole('heading', { name: 'Documents', level: 1 })).toBeVisible()
  await expect.poll(() => content(server, ada, id), { timeout: 30_000 }).toBe('first of Bob')
})

test('who may but read from now on keeps what was unsent, which nobody else sees', async ({
  server,
  ada,
  bob,
}) => {
  const { page } = bob
  const line = await lineOf(page)
  const id = await ada.create({ title: 'A plan', content: 'first ', language: 'plain' })
  await ada.grant(id, bob.id, 'editor')
  await bob.open(id)
  await expect(text(page)).toBeEditable()
  line.slow()
  await write(page, 'of Bob')
  await expect(saveState(page)).toHaveText('Saving…')
  await ada.grant(id, bob.id, 'viewer')
  await expect(text(page)).not.toBeEditable()
  line.restore()
  const refused = page.getByTestId('refused')
  await expect(refused).toContainText('You may read this document, but not change it.')
  await expect(text(page)).not.toContainText('of Bob')
  await refused.getByRole('button', { name: 'Copy what was taken back' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('of Bob')
  expect(await content(server, ada, id)).toBe('first ')

  const draft = page.getByTestId('draft')
  const drafts = `${server.url}/?signin&another&to=${encodeURIComponent('/?drafts')}`
  await refused.getByRole('link', { name: 'See the drafts' }).click()
  await expect(draft).toContainText('of Bob')
  await page.goto(drafts)
  await signIn(page, 'ada')
  await expect(page.getByTestId('empty')).toBeVisible()
  await expect(draft).toHaveCount(0)
  await page.goto(drafts)
  await signIn(page, 'bob')
  await expect(draft).toContainText('of Bob')
})

test('who may not see a document may sign in as somebody who does', async ({ ada, bob }) => {
  const { page } = bob
  const id = await ada.create({ title: 'A plan', content: 'first ', language: 'plain' })
  await bob.open(id)
  await page.getByRole('link', { name: 'Sign in with another account' }).click()
  await signIn(page, 'ada')
  await expect(text(page)).toContainText('first')
  await expect(page.getByRole('button', { name: /You are Ada/ })).toBeVisible()
})
