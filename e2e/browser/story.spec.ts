import type { Browser, Page } from '@playwright/test'
import { password } from './accounts.ts'
import { Provider } from './provider.ts'
import { Server } from './server.ts'
import { expect, test } from './test.ts'

const text = (page: Page) => page.getByRole('textbox', { name: 'Document text' })
const saved = (page: Page) => expect(page.getByTestId('save-state')).toHaveText('Saved')
const home = (page: Page) => page.getByRole('heading', { name: 'Documents', level: 1 })
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })

/** Somebody at a browser of their own, who has never been here. */
async function somebody(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}) {
  const context = await browser.newContext({
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  })
  return context.newPage()
}

async function makeAccount(page: Page, link: string, login: string, name: string) {
  await page.goto(link)
  await field(page, 'Login name').fill(login)
  await field(page, 'Your name').fill(name)
  await field(page, 'Password').fill(password)
  await page.getByRole('button', { name: 'Make account' }).click()
  await expect(page.getByRole('button', { name: `Account: ${name}` })).toBeVisible()
}

/** A line from a browser to its server that can be made to hold back what is sent. */
async function slowLine(page: Page): Promise<{ stalls: () => void }> {
  let isStalled = false
  await page.routeWebSocket(/\/socket$/, (socket) => {
    const server = socket.connectToServer()
    socket.onMessage((frame) => {
      if (!isStalled) server.send(frame)
    })
  })
  return { stalls: () => (isStalled = true) }
}

test('from the first start to a guest who is let in, and out again', async ({ browser }, info) => {
  test.setTimeout(180_000)
  const shown = async (page: Page, name: string) => {
    const path = info.outputPath(`${name}.png`)
    await page.screenshot({ path, animations: 'disabled' })
    await info.attach(name, { path, contentType: 'image/png' })
  }
  const provider = new Provider()
  const server = new Server()
  await server.start('--accounts', ...(await provider.start()))
  provider.know(server.url)
  try {
    const [ada, bob, cleo] = [
      await somebody(browser),
      await somebody(browser),
      await somebody(browser),
    ]
    const secret = await server.administratorSecret()

    // Ada starts the server, and opens the link that it prints.
    await ada.goto(`${server.url}/#redeem=${secret}`)
    await expect(ada.getByText('You will be an administrator.')).toBeVisible()
    await shown(ada, '01-first-start')
    await makeAccount(ada, `${server.url}/#redeem=${secret}`, 'ada', 'Ada Lovelace')
    await shown(ada, '02-the-administrator')

    // She invites Bob.
    await ada.getByRole('button', { name: 'More', exact: true }).click()
    await ada.getByRole('menuitem', { name: 'Administration' }).click()
    await ada.getByRole('button', { name: 'Invite somebody' }).click()
    await ada.getByRole('button', { name: 'Make a link' }).click()
    const ready = ada.getByRole('dialog', { name: 'The link is ready' })
    const invitation = await ready.getByRole('textbox', { name: 'Link' }).inputValue()
    await shown(ada, '03-invitation')
    await ready.getByRole('button', { name: 'Done' }).click()

    // Bob comes by it, goes, and comes by his password.
    await makeAccount(bob, invitation, 'bob', 'Bob')
    await bob.getByRole('button', { name: 'Account: Bob' }).click()
    await bob.getByRole('menuitem', { name: 'Sign out' }).click()
    await expect(bob.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    await shown(bob, '04-sign-in')
    await field(bob, 'Login name or e-mail address').fill('bob')
    await field(bob, 'Password').fill(password)
    await bob.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(home(bob)).toBeVisible()

    // Cleo works for the same organization, and needs no invitation.
    await cleo.goto(server.url)
    await cleo.getByRole('link', { name: 'Sign in with your organization' }).click()
    await cleo.locator('input[name=login]').fill('Cleo')
    await cleo.locator('input[name=password]').fill('the provider’s own concern')
    await cleo.locator('button[type=submit]').click()
    await cleo.getByRole('button', { name: 'Continue' }).click()
    await expect(home(cleo)).toBeVisible()
    await expect(cleo.getByRole('button', { name: 'Account: Cleo' })).toBeVisible()

    // Ada writes something, and shares it with Bob.
    await ada.goto(server.url)
    await ada.getByRole('button', { name: 'New document' }).click()
    await ada.getByRole('dialog').getByLabel('Title').fill('Summer fair')
    await ada.getByRole('dialog').getByRole('button', { name: 'Create' }).click()
    await expect(text(ada)).toBeEditable()
    await text(ada).pressSequentially('# Summer fair\n\nWho brings what?\n\n')
    await saved(ada)
    const document = new URL(ada.url()).pathname
    await ada.getByRole('button', { name: 'Share', exact: true }).click()
    const share = ada.getByRole('dialog', { name: 'Share “Summer fair”' })
    await share.getByRole('combobox', { name: 'Person or group' }).fill('bob')
    await share.getByRole('combobox', { name: 'Role', exact: true }).selectOption('editor')
    await share.getByRole('button', { name: 'Add' }).click()
    await expect(share.getByTestId('grant')).toHaveCount(2)

    // For a guest there is a link.
    await share.getByRole('button', { name: 'New link' }).click()
    const form = share.getByRole('form', { name: 'New link' })
    await form.getByRole('combobox', { name: 'Whoever opens it' }).selectOption('editor')
    await form.getByRole('button', { name: 'Make link' }).click()
    await share.getByTestId('made-link').getByRole('button', { name: 'Copy link' }).click()
    const link = await ada.evaluate(() => navigator.clipboard.readText())
    expect(link).toContain('#link=')
    await shown(ada, '05-sharing')
    await ada.keyboard.press('Escape')

    await bob.reload()
    await bob.getByTestId('document').getByRole('link', { name: 'Summer fair' }).click()
    await expect(text(bob)).toBeEditable()

    // Cleo was not asked: she finds nothing, and the address does not help.
    await cleo.reload()
    await expect(home(cleo)).toBeVisible()
    await expect(cleo.getByTestId('document')).toHaveCount(0)
    await cleo.goto(server.url + document)
    await expect(cleo.getByTestId('stopped')).toContainText('You have no access')
    await shown(cleo, '06-not-let-in')

    // The guest comes by the link, on a phone.
    const phone = await somebody(browser, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    })
    const line = await slowLine(phone)
    await phone.goto(link)
    await phone.getByLabel('Your name').fill('Dora')
    await shown(phone, '07-a-guest')
    await phone.getByRole('button', { name: 'Open the document' }).tap()
    await expect(text(phone)).toBeEditable()
    expect(phone.url()).not.toContain('#')
    await text(phone).tap()
    await text(phone).press('ControlOrMeta+End')
    await text(phone).pressSequentially('Dora brings a cake.\n')
    await saved(phone)
    await text(bob).press('ControlOrMeta+End')
    await text(bob).pressSequentially('Bob brings the music.\n')
    for (const page of [ada, bob, phone]) {
      await expect(text(page)).toContainText('Dora brings a cake.')
      await expect(text(page)).toContainText('Bob brings the music.')
    }
    await expect(ada.getByTestId('people')).toContainText('Dora')
    await shown(ada, '08-together')
    await shown(phone, '09-on-the-phone')

    // While Dora's line is slow, the link is revoked.
    line.stalls()
    await text(phone).pressSequentially('Dora brings lemonade.')
    await ada.getByRole('button', { name: 'Share', exact: true }).click()
    await share.getByRole('button', { name: /Revoke the link/ }).click()
    await ada
      .getByRole('dialog', { name: 'Revoke this link?' })
      .getByRole('button', { name: 'Revoke' })
      .click()
    await expect(phone.getByTestId('stopped')).toContainText('lets nobody in any more')
    await expect(text(phone)).not.toBeEditable()
    await expect(text(phone)).toContainText('lemonade')
    await shown(phone, '10-shut-out')
    await phone.getByRole('button', { name: 'Copy unsaved text' }).tap()
    expect(await phone.evaluate(() => navigator.clipboard.readText())).toBe('Dora brings lemonade.')
    const read = await phone.request.get(
      `${server.url}/api/v1${document.replace('/d/', '/documents/')}/content`,
    )
    expect(read.status()).toBe(401)
    await phone.goto(link)
    await expect(phone.getByRole('heading', { level: 1 })).toHaveText(
      'This link lets nobody in any more',
    )
    await shown(phone, '11-the-link-is-dead')

    // Nobody else was disturbed.
    await ada.keyboard.press('Escape')
    await text(bob).pressSequentially('Bob brings chairs.')
    await saved(bob)
    await expect(text(ada)).toContainText('Bob brings chairs.')
    await expect(text(ada)).not.toContainText('lemonade')
    await expect(ada.getByTestId('people')).not.toContainText('Dora')
    await shown(bob, '12-undisturbed')
  } finally {
    provider.close()
    if (info.status !== info.expectedStatus)
      await info.attach('server.log', { body: server.log, contentType: 'text/plain' })
    await server.dispose()
  }
})
