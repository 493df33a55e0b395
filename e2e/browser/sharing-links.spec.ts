import { devices, type Page } from '@playwright/test'
import { expect, Member, test } from './accounts.ts'

const text = (page: Page) => page.getByRole('textbox', { name: 'Document text' })
const { viewport, userAgent, hasTouch, isMobile, deviceScaleFactor } = devices['iPhone 13']

test('a link is made, opened by a guest on a phone, and revoked', async ({
  ada,
  browser,
  server,
}) => {
  const id = await ada.create({ title: 'Plan', content: 'first\n', language: 'plain' })
  await ada.open(id)
  await ada.page.getByRole('button', { name: 'Share', exact: true }).click()
  const dialog = ada.page.getByRole('dialog', { name: 'Share “Plan”' })
  await dialog.getByRole('button', { name: 'New link' }).click()
  const form = dialog.getByRole('form', { name: 'New link' })
  await form.getByRole('combobox', { name: 'Whoever opens it' }).selectOption('editor')
  await form.getByRole('combobox', { name: 'Ends' }).selectOption('never')
  await form.getByRole('spinbutton', { name: 'How many people it lets in' }).fill('1')
  await form.getByRole('textbox', { name: /Password/ }).fill('letters and more')
  await form.getByRole('button', { name: 'Make link' }).click()
  const made = dialog.getByTestId('made-link')
  await expect(made).toContainText('it cannot be shown again')
  await made.getByRole('button', { name: 'Copy link' }).click()
  const address = await ada.page.evaluate(() => navigator.clipboard.readText())
  expect(address).toMatch(new RegExp(`^${server.url}/d/${id}#link=[\\w-]{43}$`))
  await expect(dialog.getByTestId('link')).toContainText('used 0 of 1')
  await expect(dialog.getByTestId('link')).toContainText('with a password')

  const phone = { viewport, userAgent, hasTouch, isMobile, deviceScaleFactor }
  const eve = await Member.come(browser, server, '', phone)
  await eve.page.goto(address)
  await expect(eve.page.getByRole('heading', { level: 1 })).toHaveText('This link takes a password')
  // The secret is nowhere to be seen, nor is there a way back to it.
  expect(eve.page.url()).toBe(`${server.url}/d/${id}`)
  await eve.page.getByLabel('Password').fill('something else')
  await eve.page.getByRole('button', { name: 'Open the document' }).click()
  await expect(eve.page.getByRole('alert')).toContainText('not the password')
  await eve.page.getByLabel('Password').fill('letters and more')
  await eve.page.getByRole('button', { name: 'Open the document' }).click()
  await eve.page.getByLabel('Your name').fill('Eve')
  await eve.page.getByRole('button', { name: 'Open the document' }).click()
  await expect(text(eve.page)).toBeEditable()
  await text(eve.page).pressSequentially('hello ')
  await expect(eve.page.getByTestId('save-state')).toHaveText('Saved')
  await ada.page.keyboard.press('Escape')
  await expect(text(ada.page)).toContainText('hello ')
  await expect(ada.page.getByTestId('people')).toContainText('Eve')

  // One who comes after the last use is told so; the first may come again.
  const late = await Member.come(browser, server)
  await late.page.goto(address)
  await late.page.getByLabel('Password').fill('letters and more')
  await late.page.getByRole('button', { name: 'Open the document' }).click()
  await expect(late.page.getByRole('heading', { level: 1 })).toHaveText(
    'This link lets nobody in any more',
  )
  await late.leave()
  await eve.page.reload()
  await expect(text(eve.page)).toContainText('hello first')

  await ada.page.getByRole('button', { name: 'Share', exact: true }).click()
  await expect(dialog.getByTestId('link')).toContainText('used up')
  await dialog.getByRole('button', { name: /Revoke the link/ }).click()
  await ada.page
    .getByRole('dialog', { name: 'Revoke this link?' })
    .getByRole('button', { name: 'Revoke' })
    .click()
  await expect(dialog.getByTestId('link')).toHaveCount(0)
  await expect(eve.page.getByTestId('stopped')).toBeVisible()
  await eve.leave()
})

test('a guest keeps their name, and is offered nothing that takes an account', async ({
  ada,
  browser,
  server,
}) => {
  const id = await ada.create({ title: 'Plan', content: 'first\n', language: 'plain' })
  const address = await ada.link(id, { role: 'commenter' })
  const eve = await Member.come(browser, server, 'Eve')
  const { page } = eve
  await page.goto(address)
  await expect(text(page)).toContainText('first')
  await expect(page.getByTestId('save-state')).toHaveText('You may comment')
  await page.getByRole('button', { name: 'Who has access' }).click()
  const dialog = page.getByRole('dialog', { name: 'Who has access to “Plan”' })
  await expect(dialog).toContainText('You came by a link.')
  await expect(dialog.getByTestId('grant')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'What can be done with this document' }).click()
  await expect(page.getByRole('menuitem', { name: 'Print' })).toBeVisible()
  await expect(page.getByRole('menuitem', { name: 'Duplicate' })).toBeHidden()
  await page.keyboard.press('Escape')
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByRole('combobox', { name: 'Commands and documents' }).fill('document')
  await expect(page.getByRole('option', { name: 'Go to all documents' })).toBeVisible()
  await expect(page.getByRole('option', { name: /New/ })).toHaveCount(0)
  await page.goto(new URL('/', page.url()).href)
  await expect(page.getByRole('heading', { name: 'Documents', level: 1 })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
  await expect(page.getByRole('button', { name: /New document|Import/ })).toHaveCount(0)
  await eve.leave()
})

test('who has signed in follows a link in a tab that is open already', async ({ ada, bob }) => {
  const id = await ada.create({ title: 'Plan', content: 'first\n', language: 'plain' })
  const address = await ada.link(id, { role: 'editor' })
  await bob.open(id)
  await expect(bob.page.getByTestId('stopped')).toBeVisible()
  await bob.page.evaluate((address) => location.assign(address), address)
  await expect(text(bob.page)).toBeEditable()
  expect(bob.page.url()).not.toContain('#')
  await bob.page.reload()
  await expect(text(bob.page)).toBeEditable()
})
