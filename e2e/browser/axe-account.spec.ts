import { expect, Member, password, test } from './accounts.ts'
import { grave } from './grave.ts'

for (const colorScheme of ['light', 'dark'] as const) {
  test(`signing in, links and one's account, ${colorScheme}`, async ({ browser, server, ada }) => {
    const come = await Member.come(browser, server, '', { colorScheme })
    const { page } = come
    await page.goto(`${server.url}/?signin&failed=unauthorized`)
    await expect(page.getByTestId('refused')).toBeVisible()
    expect(await grave(page)).toEqual([])

    const { url } = (await ada.call('POST', '/invitations')) as { url: string }
    await page.goto(url)
    await expect(page.getByRole('textbox', { name: 'Login name' })).toBeVisible()
    expect(await grave(page)).toEqual([])
    await page.reload()
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(await grave(page)).toEqual([])

    await come.call('POST', '/session', { login: 'ada', password })
    await page.goto(`${server.url}/?account`)
    await expect(page.getByTestId('login').first()).toBeVisible()
    expect(await grave(page)).toEqual([])
    await page.getByRole('button', { name: 'New token' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toBeVisible()
    expect(await grave(page)).toEqual([])
    await dialog.getByRole('textbox', { name: 'Name' }).fill('backup')
    await dialog.getByRole('button', { name: 'Create token' }).click()
    await expect(dialog.getByRole('textbox', { name: 'Token' })).toBeVisible()
    expect(await grave(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Done' }).click()
    await expect(page.getByTestId('token')).toHaveCount(1)
    expect(await grave(page)).toEqual([])
    await come.leave()
  })
}
