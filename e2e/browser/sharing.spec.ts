import { expect, test, type Member } from './accounts.ts'

const text = ({ page }: Member) => page.getByRole('textbox', { name: 'Document text' })
const dialog = ({ page }: Member) => page.getByRole('dialog', { name: /Plan/ })

async function openShare(member: Member) {
  await member.page.getByRole('button', { name: 'Share', exact: true }).click()
  await expect(dialog(member).getByTestId('grant').first()).toBeVisible()
}

test('a document is shared with somebody by their login, at once with another role, and no more', async ({
  ada,
  bob,
}) => {
  const id = await ada.create({ title: 'Plan', content: 'first\n', language: 'plain' })
  await bob.open(id)
  await expect(bob.page.getByTestId('stopped')).toContainText('You have no access')
  await ada.open(id)
  await openShare(ada)
  const who = dialog(ada).getByRole('combobox', { name: 'Person or group' })
  await who.fill('nobody')
  await who.press('Enter')
  await expect(dialog(ada).getByRole('alert')).toContainText('Nobody here is called “nobody”')
  await who.fill('b')
  await expect(dialog(ada).getByRole('option', { name: /Bob/ })).toBeVisible()
  await who.press('ArrowDown')
  await who.press('Enter')
  await expect(who).toHaveValue('Bob')
  await dialog(ada).getByRole('combobox', { name: 'Role', exact: true }).selectOption('viewer')
  await dialog(ada).getByRole('button', { name: 'Add' }).click()
  await expect(dialog(ada).getByTestId('grant')).toHaveCount(2)
  await expect(who).toHaveValue('')

  await bob.page.reload()
  await expect(text(bob)).toContainText('first')
  await expect(bob.page.getByTestId('save-state')).toHaveText('You may read')
  await expect(bob.page.getByLabel('Title')).not.toBeEditable()

  // While it is open: the tools come, and the news is told.
  await dialog(ada).getByRole('combobox', { name: 'Role of Bob' }).selectOption('editor')
  await expect(text(bob)).toBeEditable()
  await expect(bob.page.getByTestId('toasts')).toContainText('You may edit this document now.')
  await text(bob).press('ControlOrMeta+End')
  await text(bob).pressSequentially('second')
  await expect(bob.page.getByTestId('save-state')).toHaveText('Saved')

  await dialog(ada).getByRole('button', { name: 'Take access away from Bob' }).click()
  await expect(dialog(ada).getByTestId('grant')).toHaveCount(1)
  await expect(bob.page.getByTestId('stopped')).toContainText('You have no access')
})

test('a document keeps an owner, and is handed over', async ({ ada, bob }) => {
  const id = await ada.create({ title: 'Plan' })
  await ada.open(id)
  await openShare(ada)
  await dialog(ada).getByRole('combobox', { name: 'Role of Ada' }).selectOption('editor')
  await expect(dialog(ada).getByRole('alert')).toContainText('A document needs an owner')
  await expect(dialog(ada).getByRole('combobox', { name: 'Role of Ada' })).toHaveValue('owner')
  await dialog(ada).getByRole('button', { name: 'Hand over…' }).click()
  const handing = ada.page.getByRole('dialog', { name: 'Hand this document over' })
  await handing.getByRole('combobox', { name: 'New owner' }).fill('bob')
  await handing.getByRole('button', { name: 'Hand over' }).click()
  await expect(handing).toBeHidden()
  await expect(dialog(ada)).toContainText('It belongs to Bob.')
  await expect(dialog(ada).getByRole('combobox', { name: 'Role of Bob' })).toBeHidden()
  await ada.page.keyboard.press('Escape')

  // Who may not decide sees who does, and may go.
  await ada.page.getByRole('button', { name: 'Who has access' }).click()
  await dialog(ada).getByRole('button', { name: 'Leave the document…' }).click()
  await ada.page
    .getByRole('dialog', { name: 'Leave this document?' })
    .getByRole('button', { name: 'Leave', exact: true })
    .click()
  await expect(ada.page.getByTestId('toasts')).toContainText('You have left “Plan”.')
  await expect(ada.page.getByTestId('document')).toHaveCount(0)
  await bob.page.goto(new URL('/', ada.page.url()).href)
  await expect(bob.page.getByTestId('document')).toContainText('Plan')
})

test('who may not edit sees no tool that cannot work', async ({ ada, bob }) => {
  const id = await ada.create({ title: 'Plan', content: 'first\n', language: 'plain' })
  await ada.grant(id, bob.id, 'commenter')
  await bob.open(id)
  const { page } = bob
  await expect(page.getByTestId('save-state')).toHaveText('You may comment')
  await page.getByRole('button', { name: 'Chat', exact: true }).click()
  await page.getByRole('textbox', { name: 'Message' }).fill('I have read it')
  await page.getByRole('textbox', { name: 'Message' }).press('Enter')
  await expect(page.getByTestId('chat-line')).toHaveCount(1)
  await page.getByRole('button', { name: 'What can be done with this document' }).click()
  await expect(page.getByRole('menuitem', { name: 'Duplicate' })).toBeVisible()
  await expect(page.getByRole('menuitem', { name: 'Move to trash' })).toBeHidden()
  await page.keyboard.press('Escape')

  // What was being said when the right to say it went stays to copy.
  await page.getByRole('textbox', { name: 'Message' }).fill('and one more thing')
  await ada.grant(id, bob.id, 'viewer')
  await expect(page.getByTestId('chat')).toContainText('You may read here, but not write.')
  await expect(page.getByTestId('chat')).toContainText('and one more thing')
  await page.getByTestId('chat').getByRole('button', { name: 'Copy unsaved text' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('and one more thing')

  await page.goto(new URL('/', page.url()).href)
  const row = page.getByTestId('document')
  await expect(row).toContainText('from Ada')
  await expect(row).toContainText('You may read')
  await row.getByRole('button', { name: 'More for “Plan”' }).click()
  await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeHidden()
  await page.getByRole('menuitem', { name: 'Who has access' }).click()
  await expect(dialog(bob)).toContainText('You may read this document.')
})
