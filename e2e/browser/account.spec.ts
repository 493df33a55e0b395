import type { Page } from '@playwright/test'
import { expect, Member, password, test } from './accounts.ts'

function field(page: Page, label: string) {
  return page.getByRole('textbox', { name: label, exact: true })
}

async function signIn(page: Page, login: string, secret = password) {
  await field(page, 'Login name or e-mail address').fill(login)
  await field(page, 'Password').fill(secret)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

const home = (page: Page) => page.getByRole('heading', { name: 'Documents', level: 1 })

test('the first administrator comes by the link of the first start, which is good once', async ({
  browser,
  server,
}) => {
  const boss = await Member.come(browser, server)
  const { page } = boss
  const link = `${server.url}/#redeem=${await server.administratorSecret()}`
  await page.goto(link)
  await expect(page).toHaveURL(`${server.url}/?redeem`)
  await field(page, 'Login name').fill('ada')
  await field(page, 'Your name').fill('Ada Lovelace')
  await field(page, 'Password').fill('short')
  await page.getByRole('button', { name: 'Make account' }).click()
  await field(page, 'Password').fill(password)
  await page.getByRole('button', { name: 'Make account' }).click()
  await expect(home(page)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Account: Ada Lovelace' })).toBeVisible()

  const other = await Member.come(browser, server)
  await other.page.goto(link)
  await expect(other.page.getByTestId('used-up')).toBeVisible()
  await other.leave()
  await boss.leave()
})

test('a stranger is asked who they are, and comes back to where they were', async ({
  browser,
  server,
  ada,
}) => {
  const id = await ada.create({ title: 'A plan', content: 'first\n', language: 'plain' })
  const later = await Member.come(browser, server)
  const { page } = later
  await later.open(id)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await signIn(page, 'nobody')
  const refused = page.getByTestId('refused')
  await expect(refused).toHaveText('The name or the password is wrong.')
  await signIn(page, 'ada', 'not the password')
  await expect(refused).toHaveText('The name or the password is wrong.')
  await signIn(page, 'ada')
  await expect(page.getByRole('textbox', { name: 'Document text' })).toContainText('first')
  await expect(page).toHaveURL(`${server.url}/d/${id}`)
  await later.leave()

  const elsewhere = await Member.come(browser, server)
  await elsewhere.page.goto(server.url)
  await signIn(elsewhere.page, 'Ada')
  await expect(home(elsewhere.page)).toBeVisible()
  await elsewhere.leave()
})

test('who tries too often is told how long to wait', async ({ browser, server, ada }) => {
  const { page } = await Member.come(browser, server)
  await page.goto(server.url)
  const refused = page.getByTestId('refused')
  await signIn(page, ada.name, 'wrong')
  await expect(async () => {
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(refused).toContainText('Too many attempts', { timeout: 1_000 })
  }).toPass()
  await expect(refused).toContainText(/in \d+ seconds?\./)
  await page.context().close()
})

test('a link to a new password asks for nothing else', async ({ browser, server, ada, bob }) => {
  const { url } = (await ada.call('POST', `/people/${bob.id}/reset`)) as { url: string }
  const { page } = await Member.come(browser, server)
  await page.goto(url)
  await expect(page.getByText('For bob.')).toBeVisible()
  await expect(field(page, 'Login name')).toHaveCount(0)
  await field(page, 'Password').fill('another password')
  await page.getByRole('button', { name: 'Set password' }).click()
  await expect(page.getByRole('button', { name: 'Account: Bob' })).toBeVisible()
  await page.context().close()
})

test('where signing in at a provider fails, a page says so', async ({ browser, server }) => {
  const { page } = await Member.come(browser, server)
  await page.goto(`${server.url}/api/v1/session/oidc`)
  await expect(page.getByTestId('refused')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await page.context().close()
})

test('name, colour and password are changed in the account', async ({ browser, server, ada }) => {
  const { page } = ada
  await page.goto(`${server.url}/?account`)
  await field(page, 'Your name').fill('Countess Ada')
  await page.getByRole('radio', { name: 'Violet' }).check()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('Saved.')).toBeVisible()
  expect(await ada.call('GET', '/session')).toMatchObject({
    name: 'Countess Ada',
    color: '#6741d9',
  })

  const phone = await Member.come(browser, server)
  await phone.page.goto(server.url)
  await signIn(phone.page, 'ada')
  await expect(phone.page.getByRole('button', { name: 'Account: Countess Ada' })).toBeVisible()

  await field(page, 'Current password').fill('not that')
  await field(page, 'New password').fill('a newer password')
  await page.getByRole('button', { name: 'Change password' }).click()
  const state = page.getByTestId('password-state')
  await expect(state).toHaveText('The current password is wrong.')
  await field(page, 'Current password').fill(password)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(state).toContainText('Your password is changed.')
  await phone.page.reload()
  await expect(phone.page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await phone.leave()
})

test('log-ins are listed, and one of another browser can be ended', async ({
  browser,
  server,
  ada,
}) => {
  const other = await Member.come(browser, server)
  await other.page.goto(server.url)
  await signIn(other.page, 'ada')
  await expect(home(other.page)).toBeVisible()
  const { page } = ada
  await page.goto(`${server.url}/?account`)
  const logins = page.getByTestId('login')
  await expect(logins).toHaveCount(2)
  await expect(logins.filter({ hasText: 'This browser' })).toHaveCount(1)
  await page.getByRole('button', { name: /^Sign out there/ }).click()
  await expect(logins).toHaveCount(1)
  await other.page.reload()
  await expect(other.page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await other.leave()
})

test('a token is shown once, works, and is revoked', async ({ server, ada }) => {
  const id = await ada.create({ title: 'A plan', content: 'first\n' })
  const other = await ada.create({ title: 'Another' })
  const { page } = ada
  await page.goto(`${server.url}/?account`)
  await page.getByRole('button', { name: 'New token' }).click()
  const dialog = page.getByRole('dialog')
  await field(page, 'Name').fill('backup')
  await dialog.getByRole('radio', { name: 'Only these' }).check()
  await dialog.getByRole('textbox', { name: 'Only these' }).fill(`${server.url}/d/${id}`)
  await dialog.getByRole('button', { name: 'Create token' }).click()
  const secret = await field(page, 'Token').inputValue()
  expect(secret).toMatch(/^tutti_/)
  await dialog.getByRole('button', { name: 'Copy token' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret)
  await dialog.getByRole('button', { name: 'Done' }).click()
  const status = async (document: string) => {
    const headers = { Authorization: `Bearer ${secret}` }
    return (await fetch(`${server.url}/api/v1/documents/${document}`, { headers })).status
  }
  expect(await status(id)).toBe(200)
  expect(await status(other)).toBe(403)

  await page.reload()
  const token = page.getByTestId('token')
  await expect(token).toContainText('Only 1 document')
  await expect(token).toContainText('Last used')
  expect(await page.content()).not.toContain(secret)
  await token.getByRole('button', { name: 'Revoke “backup”' }).click()
  await dialog.getByRole('button', { name: 'Revoke', exact: true }).click()
  await expect(token).toHaveCount(0)
  expect(await status(id)).toBe(401)
})

test('the menu, the palette and the editor lead to the account and out', async ({
  server,
  ada,
}) => {
  const id = await ada.create({ title: 'A plan', content: 'first\n', language: 'plain' })
  const { page } = ada
  await ada.open(id)
  await page.getByRole('button', { name: /You are Ada/ }).click()
  await expect(page.getByText('Signed in as ada')).toBeVisible()
  await field(page, 'Your name').fill('Ada L.')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('button', { name: /You are Ada L\./ })).toBeVisible()
  await expect
    .poll(async () => (await ada.call('GET', '/session')) as { name: string })
    .toMatchObject({ name: 'Ada L.' })

  await page.keyboard.press('ControlOrMeta+k')
  await page.getByRole('combobox', { name: 'Commands and documents' }).fill('Account')
  await page.getByRole('option', { name: 'Account: Ada L.' }).click()
  await expect(page.getByRole('heading', { name: 'Your account' })).toBeVisible()
  await page.goto(server.url)
  await page.getByRole('button', { name: 'Account: Ada L.' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
})
