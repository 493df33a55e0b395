import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './accounts.ts'

async function grave(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).exclude('.cm-tutti-flag').analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, html }) => `${id}: ${target.join(' ')} ${html}`),
    )
}

test('a group is made, renamed, filled, shared with and deleted', async ({ ada, bob, server }) => {
  const { page } = ada
  await page.goto(`${server.url}/?groups`)
  await page.getByRole('textbox', { name: 'Name of the new group' }).fill('Writers')
  await page.getByRole('button', { name: 'Make group' }).click()
  const group = page.getByTestId('group')
  await group.locator('summary').click()
  await group.getByRole('combobox', { name: 'Add somebody to Writers' }).fill('bob')
  await group.getByRole('button', { name: 'Add' }).click()
  await expect(group.getByRole('list', { name: 'People in Writers' })).toContainText('Bob')
  await group.getByRole('textbox', { name: 'Name of Writers' }).fill('Authors')
  await group.getByRole('button', { name: 'Rename' }).click()
  await expect(page.getByRole('status')).toContainText('The group is called “Authors” now.')

  const id = await ada.create({ title: 'Plan', content: 'first\n', language: 'plain' })
  await ada.open(id)
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Share “Plan”' })
  await dialog.getByRole('combobox', { name: 'Person or group' }).fill('authors')
  await dialog.getByRole('combobox', { name: 'Role', exact: true }).selectOption('viewer')
  await dialog.getByRole('button', { name: 'Add' }).click()
  await expect(dialog.getByTestId('grant')).toHaveCount(2)
  await bob.open(id)
  await expect(bob.page.getByTestId('save-state')).toHaveText('You may read')
  await bob.page.getByRole('button', { name: 'Who has access' }).click()
  await expect(bob.page.getByRole('dialog')).toContainText('You have access through: Authors.')
  await expect(bob.page.getByRole('button', { name: 'Leave the document…' })).toBeHidden()

  await page.goto(`${server.url}/?groups`)
  await group.locator('summary').click()
  await group.getByRole('button', { name: 'Delete the group Authors' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete group' }).click()
  await expect(group).toHaveCount(0)
  await expect(bob.page.getByTestId('stopped')).toBeVisible()
  await bob.page.goto(`${server.url}/?groups`)
  await expect(bob.page.getByText('Administrators say who is in which group.')).toBeVisible()
  await expect(bob.page.getByRole('textbox')).toHaveCount(0)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`sharing keeps nobody out, ${colorScheme}`, async ({ ada, bob, server }) => {
    const { page } = ada
    await page.emulateMedia({ colorScheme })
    await ada.call('POST', '/groups', { name: 'Writers', members: [bob.id] })
    const id = await ada.create({ title: 'Plan', content: 'first\n', language: 'plain' })
    await ada.grant(id, bob.id, 'commenter')
    await ada.grant(id, 'everyone', 'viewer')
    const address = await ada.link(id, { role: 'editor', password: 'letters and more' })
    await ada.open(id)
    await page.getByRole('button', { name: 'Share', exact: true }).click()
    await expect(page.getByTestId('link')).toHaveCount(1)
    expect(await grave(page)).toEqual([])
    await page.getByRole('button', { name: 'New link' }).click()
    expect(await grave(page)).toEqual([])
    await page.getByRole('button', { name: 'Make link' }).click()
    await expect(page.getByTestId('made-link')).toBeVisible()
    expect(await grave(page)).toEqual([])
    await page.getByRole('combobox', { name: 'Person or group' }).fill('w')
    await expect(page.getByRole('option', { name: 'Writers' })).toBeVisible()
    expect(await grave(page)).toEqual([])
    await page.goto(`${server.url}/?groups`)
    await page.getByTestId('group').locator('summary').click()
    expect(await grave(page)).toEqual([])
    await page.goto(address)
    await expect(page.getByLabel('Password')).toBeVisible()
    expect(await grave(page)).toEqual([])
    await bob.page.emulateMedia({ colorScheme })
    await bob.open(id)
    await expect(bob.page.getByTestId('save-state')).toHaveText('You may comment')
    expect(await grave(bob.page)).toEqual([])
    await bob.page.getByRole('button', { name: 'Who has access' }).click()
    await expect(bob.page.getByTestId('grant').first()).toBeVisible()
    expect(await grave(bob.page)).toEqual([])
  })
}
