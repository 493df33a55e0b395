import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './test.ts'

async function axe(page: Page) {
  // Colours are looked at once they have stopped moving.
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)))
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
}

test('an empty home helps to begin', async ({ server, ada }) => {
  const { page } = ada
  await page.goto(server.url)
  await expect(page.getByTestId('empty')).toContainText('Nothing here yet')
  await axe(page)
  await page.getByRole('button', { name: 'Start a document' }).click()
  await expect(page.getByRole('dialog', { name: 'New document' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Trash' }).click()
  await expect(page.getByTestId('empty')).toContainText('The trash is empty.')
})

test('a list that takes its time shows where it will be, and one that fails can be tried again', async ({
  server,
  ada,
}) => {
  await server.create({ title: 'Notes' })
  const { page } = ada
  let answer = () => {}
  const answered = new Promise<void>((resolve) => (answer = resolve))
  await page.route('**/api/v1/documents?*', async (route) => {
    await answered
    await route.continue()
  })
  await page.goto(server.url)
  await expect(page.getByRole('status').filter({ hasText: 'Loading…' })).toBeVisible()
  await expect(page.getByTestId('empty')).toHaveCount(0)
  answer()
  await expect(page.getByTestId('document')).toHaveCount(1)
  await expect(page.getByRole('status').filter({ hasText: 'Loading…' })).toHaveCount(0)

  await page.route('**/api/v1/documents?*', (route) => route.abort())
  await page.getByRole('searchbox').fill('notes')
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('The list could not be loaded')
  await expect(alert).toContainText('The server cannot be reached.')
  await page.unrouteAll()
  await alert.getByRole('button', { name: 'Try again' }).click()
  await expect(alert).toHaveCount(0)
  await expect(page.getByTestId('document').locator('mark')).toHaveText('Notes')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`home is for everybody and every screen, ${colorScheme}`, async ({
    server,
    ada,
    bob,
  }, info) => {
    const id = await server.create({
      title: 'Minutes of the first meeting of the garden committee in the old school house',
      content: '# Minutes\n\nWe talked about the roses, the budget and who waters what in July.\n',
      language: 'markdown',
      tags: ['garden', '2026'],
    })
    await server.create({
      title: 'Letter to the mayor',
      content: 'Dear\n',
      kind: 'rich',
    })
    await server.create({
      title: 'water.py',
      content: 'water()\n',
      language: 'python',
    })
    await bob.open(id)
    const { page } = ada
    await page.emulateMedia({ colorScheme })
    await page.goto(server.url)
    const shoot = async (name: string) =>
      await info.attach(`${name}-${colorScheme}`, {
        body: await page.screenshot(),
        contentType: 'image/png',
      })
    await expect(page.getByTestId('people-in')).toBeVisible()
    await axe(page)
    await shoot('home')

    await page.getByRole('button', { name: 'New document' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await axe(page)
    await shoot('new')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('listbox').getByRole('option').first()).toBeVisible()
    await axe(page)
    await shoot('palette')
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog')).toBeVisible()
    await axe(page)
    await page.keyboard.press('Escape')

    await page.setViewportSize({ width: 390, height: 844 })
    await expectNoSideways(page)
    await shoot('phone')
    await page.getByRole('button', { name: 'More for “water.py”' }).click()
    await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeInViewport()
    const sheet = await page.getByRole('menu', { name: 'More for “water.py”' }).boundingBox()
    expect(sheet?.width).toBeGreaterThan(360)
    await axe(page)
    await shoot('phone-menu')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'New document' }).click()
    await expect(page.getByRole('button', { name: 'Create' })).toBeInViewport()
    await shoot('phone-new')
    await page.keyboard.press('Escape')

    await page.evaluate(() => (document.documentElement.dir = 'rtl'))
    await expectNoSideways(page)
    const menu = await page.getByRole('button', { name: 'More for “water.py”' }).boundingBox()
    expect(menu?.x).toBeLessThan(60)
    const title = await page.getByRole('link', { name: 'water.py' }).evaluate((link) => {
      const text = document.createRange()
      text.selectNodeContents(link)
      return text.getBoundingClientRect().x
    })
    expect(title).toBeGreaterThan(195)
    await shoot('rtl')

    await server.trash(id)
    await page.goto(`${server.url}/?trash`)
    await expect(page.getByTestId('document')).toHaveCount(1)
    await axe(page)
    await expectNoSideways(page)
    await shoot('phone-trash')
  })
}

/** Nothing is wider than the screen. */
async function expectNoSideways(page: Page) {
  const wider = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(wider).toBe(0)
}
