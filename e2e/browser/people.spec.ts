import { expect, test } from './test.ts'

test('people see who is here and where they write', async ({ server, ada, bob }, info) => {
  const id = await server.create({
    title: 'Plan',
    content: 'first\nsecond\nthird\n',
    language: 'plain',
  })
  await ada.open(id)
  await bob.open(id)
  await expect(ada.page.getByTestId('people')).toContainText('Bob')
  await expect(bob.page.getByTestId('people')).toContainText('Ada')

  // A caret of the other's, with the name on it, in the line where they are.
  await ada.press('ControlOrMeta+Home', 'ArrowDown', 'End')
  const line = bob.text.locator('.cm-line', { hasText: 'second' })
  await expect(line.locator('.cm-tutti-caret')).toContainText('Ada')
  await bob.press('ControlOrMeta+Home', 'Shift+ArrowDown')
  await expect(ada.text.locator('.cm-tutti-caret')).toContainText('Bob')
  await expect(ada.text.locator('.cm-tutti-selection')).toHaveText('first')
  await info.attach('cursors', { body: await ada.page.screenshot(), contentType: 'image/png' })

  // It stays with its text while the others type before it.
  await bob.press('ControlOrMeta+Home')
  await bob.type('zero\n')
  await expect(
    bob.text.locator('.cm-line', { hasText: 'second' }).locator('.cm-tutti-caret'),
  ).toContainText('Ada')

  await ada.page.context().close()
  await expect(bob.page.getByTestId('people')).not.toContainText('Ada')
  await expect(bob.text.locator('.cm-tutti-caret')).toHaveCount(0)
})

test('a name that is changed is seen by the others', async ({ server, ada, bob }) => {
  const id = await server.create({ content: 'x\n', language: 'plain' })
  await ada.open(id)
  await bob.open(id)
  await ada.page.getByRole('button', { name: /You are Ada/ }).click()
  await ada.page.getByLabel('Your name').fill('Ada Lovelace')
  await ada.page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(bob.page.getByTestId('people')).toContainText('Ada Lovelace')
})

test('a title that is changed is seen by the others', async ({ server, ada, bob }) => {
  const id = await server.create({ title: 'Old', content: 'x\n' })
  await ada.open(id)
  await bob.open(id)
  await ada.page.getByLabel('Title').fill('New title')
  await ada.page.getByLabel('Title').press('Enter')
  await expect(bob.page.getByLabel('Title')).toHaveValue('New title')
})
