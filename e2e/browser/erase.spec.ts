import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './test.ts'

test('a secret is erased from the document and all its history', async ({ server, ada, bob }) => {
  const id = await server.create({ title: 'Notes', content: 'first\n', language: 'plain' })
  const { page } = ada
  await bob.open(id)
  await ada.open(id)
  await ada.press('ControlOrMeta+Home')
  // Letter by letter, a record each, and gone again.
  for (const letter of 'hunter2') {
    await ada.type(letter)
    await ada.saved()
  }
  await ada.press(...Array.from({ length: 3 }, () => 'Backspace'))
  await ada.saved()
  await expect(bob.text).toContainText('hunt')

  await page.getByRole('link', { name: 'History' }).click()
  await page.getByRole('button', { name: 'More to do with this version' }).click()
  await page.getByRole('menuitem', { name: 'Erase a text for good…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Erase a text for good' })
  const text = dialog.getByRole('textbox', { name: 'Text to erase' })
  await expect(text).toBeFocused()
  await expect(dialog.getByRole('button', { name: 'Look for it' })).toBeDisabled()
  await text.fill('never there')
  await dialog.getByRole('button', { name: 'Look for it' }).click()
  await expect(dialog.getByRole('status')).toHaveText('It was never in this document.')
  await expect(dialog.getByRole('button', { name: 'Erase for good' })).toBeHidden()
  await text.fill('hunter2')
  await dialog.getByRole('button', { name: 'Look for it' }).click()
  await expect(dialog.getByRole('status')).toHaveText('Found once in the text.')
  expect((await new AxeBuilder({ page }).include('dialog').analyze()).violations).toEqual([])
  // Another text has to be looked for first.
  await text.press('x')
  await expect(dialog.getByRole('button', { name: 'Erase for good' })).toBeHidden()
  await text.press('Backspace')
  await dialog.getByRole('button', { name: 'Look for it' }).click()
  await dialog.getByRole('button', { name: 'Erase for good' }).click()
  await expect(dialog.getByRole('status')).toHaveText('The text was erased.')
  await dialog.getByRole('button', { name: 'Close' }).click()

  await expect(page.getByTestId('past')).toContainText('████first')
  // Who was in the document meanwhile has it like that, and goes on.
  await expect.poll(() => bob.allText()).toBe('████first\n')
  await bob.press('ControlOrMeta+End')
  await bob.type('more')
  await bob.saved()
  for (const [rev, text] of Object.entries({
    0: 'first\n',
    3: '███first\n',
    7: '███████first\n',
  })) {
    const content = await fetch(`${server.url}/api/v1/documents/${id}/content?rev=${rev}`, {
      headers: { Accept: 'text/plain' },
    })
    expect(await content.text()).toBe(text)
  }
})
