import { expect, test } from './test.ts'

const long = Array.from({ length: 400 }, (_, i) => `line ${i}\n`).join('')

test('a click on somebody leads to where they are', async ({ server, ada, bob }) => {
  const id = await server.create({ content: long, language: 'plain' })
  await Promise.all([ada.open(id), bob.open(id)])
  await bob.press('ControlOrMeta+Home', 'ArrowDown')
  await ada.press('ControlOrMeta+End')
  const there = bob.text.locator('.cm-line', { has: bob.page.locator('.cm-tutti-caret') })
  await expect(there).toHaveCount(0)
  await bob.page.getByTestId('people').getByRole('button', { name: 'Ada' }).click()
  await expect(there).toBeInViewport()
  await expect(bob.page.locator('.cm-tutti-flag')).toHaveText('Ada')
})

test('who is followed is kept in sight, until one goes one’s own way', async ({
  server,
  ada,
  bob,
}, info) => {
  const id = await server.create({ content: long, language: 'plain' })
  await Promise.all([ada.open(id), bob.open(id)])
  await bob.press('ControlOrMeta+Home')
  await ada.press('ControlOrMeta+Home')
  await bob.page.getByTestId('people').getByRole('button', { name: 'Ada' }).click()
  await bob.page.getByRole('button', { name: 'Follow Ada' }).click()
  const chip = bob.page.getByTestId('following')
  await expect(chip).toContainText('Following Ada')
  await expect(
    bob.page.getByRole('status').filter({ hasText: 'Following Ada. Escape ends it.' }),
  ).toBeAttached()

  const line = (text: string) => bob.text.locator('.cm-line', { hasText: new RegExp(`^${text}`) })
  await ada.press('ControlOrMeta+End')
  await ada.type('the end')
  await expect(line('the end')).toBeInViewport()
  await info.attach('following', { body: await bob.page.screenshot(), contentType: 'image/png' })
  await ada.press('ControlOrMeta+Home')
  await ada.type('the start ')
  await expect(line('the start ')).toBeInViewport()

  await bob.text.hover()
  await bob.page.mouse.wheel(0, 500)
  await expect(chip).toBeHidden()
  await expect(
    bob.page.getByRole('status').filter({ hasText: 'No longer following Ada.' }),
  ).toBeAttached()

  await bob.page.getByTestId('people').getByRole('button', { name: 'Ada' }).click()
  await bob.page.getByRole('button', { name: 'Follow Ada' }).click()
  await expect(chip).toBeVisible()
  await bob.page.keyboard.press('Escape')
  await expect(chip).toBeHidden()
  await ada.press('ControlOrMeta+End')
  await ada.saved()
  await expect(line('the end')).not.toBeInViewport()
})

test('a name at the edge is not cut off', async ({ server, ada, bob }) => {
  const words = 'word '.repeat(200)
  const id = await server.create({ content: `x\n${words}\nשלום עולם\n`, language: 'plain' })
  await Promise.all([ada.open(id), bob.open(id)])
  await bob.page.setViewportSize({ width: 390, height: 844 })
  await ada.page.setViewportSize({ width: 390, height: 844 })
  const flag = bob.text.locator('.cm-tutti-flag')
  for (const keys of [
    ['ArrowDown', 'End'],
    ['ArrowDown', 'ArrowDown', 'ArrowDown', 'End'],
    ['ControlOrMeta+End', 'ArrowUp', 'Home'],
  ]) {
    await ada.press('ControlOrMeta+Home', ...keys)
    await ada.saved()
    await expect
      .poll(async () => {
        const box = await flag.boundingBox()
        return box && box.x >= 0 && box.x + box.width <= 390
      })
      .toBe(true)
  }
})
