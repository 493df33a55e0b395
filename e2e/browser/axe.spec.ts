import { grave } from './grave.ts'
import { expect, test } from './test.ts'

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })

    test('home, its dialogs and the trash', async ({ server, ada }) => {
      const { page } = ada
      await page.goto(server.url)
      await expect(page.getByTestId('empty')).toBeVisible()
      expect(await grave(page)).toEqual([])
      await server.create({
        title: 'A plan',
        content: '# A plan\n',
        language: 'markdown',
      })
      await page.reload()
      await expect(page.getByTestId('document')).toHaveCount(1)
      expect(await grave(page)).toEqual([])
      await page.getByRole('button', { name: 'New document' }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      expect(await grave(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.keyboard.press('ControlOrMeta+k')
      await expect(page.getByRole('dialog').getByRole('combobox')).toBeVisible()
      expect(await grave(page)).toEqual([])
      await page.goto(`${server.url}/?trash`)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      expect(await grave(page)).toEqual([])
      await page.goto(`${server.url}/nowhere`)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      expect(await grave(page)).toEqual([])
    })

    test('a text with somebody else in it, chat, menus', async ({ server, ada, bob }) => {
      const { page } = ada
      const id = await server.create({
        title: 'A plan',
        content: '# A plan\n\n- [ ] first\n- [x] second\n\n```js\nlet x = 1 // one\n```\n',
        language: 'markdown',
      })
      await ada.open(id)
      await bob.open(id)
      await bob.press('Shift+ArrowDown')
      await expect(ada.text.locator('.cm-tutti-caret')).toHaveCount(1)
      expect(await grave(page)).toEqual([])
      await page.getByRole('button', { name: 'Chat', exact: true }).click()
      await page.getByRole('textbox', { name: 'Message' }).fill('@Bob hello')
      await page.getByRole('textbox', { name: 'Message' }).press('Enter')
      await expect(page.getByTestId('chat-line')).toHaveCount(1)
      expect(await grave(page)).toEqual([])
      await page.getByRole('button', { name: 'Share' }).click()
      expect(await grave(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'What can be done with this document' }).click()
      await expect(page.getByRole('menuitem').first()).toBeFocused()
      expect(await grave(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: /You are Ada/ }).click()
      expect(await grave(page)).toEqual([])
    })

    test('code', async ({ server, ada }) => {
      const id = await server.create({
        content: 'package main\n\nfunc main() {}\n',
        language: 'go',
      })
      await ada.open(id)
      await expect(ada.text.locator('.cm-line span').first()).toBeVisible()
      expect(await grave(ada.page)).toEqual([])
      await ada.press('ControlOrMeta+f')
      expect(await grave(ada.page)).toEqual([])
    })

    test('a rich text', async ({ server, ada }) => {
      const content = [
        { insert: 'Title' },
        { insert: '\n', attributes: { header: 1 } },
        { insert: 'Text\n' },
      ]
      const id = await server.create({ kind: 'rich', content })
      await ada.open(id)
      await expect(ada.page.getByRole('toolbar')).toBeVisible()
      expect(await grave(ada.page)).toEqual([])
    })

    test('the history, and who wrote it', async ({ server, ada }) => {
      const id = await server.create({ content: 'one\n', language: 'plain' })
      await ada.open(id)
      await ada.type('two')
      await ada.saved()
      for (const view of ['history', 'history&authors', 'history&compare=0..3']) {
        await ada.page.goto(`${server.url}/d/${id}?${view}`)
        await expect(ada.page.getByTestId('session').first()).toBeVisible()
        expect(await grave(ada.page)).toEqual([])
      }
    })

    test('drafts', async ({ server, ada }) => {
      await ada.page.goto(`${server.url}/?drafts`)
      await expect(ada.page.getByRole('heading', { level: 1 })).toBeVisible()
      expect(await grave(ada.page)).toEqual([])
    })

    test('a document that is not there', async ({ server, ada }) => {
      await ada.page.goto(`${server.url}/d/nothing-here`)
      await expect(ada.page.getByTestId('stopped')).toBeVisible()
      expect(await grave(ada.page)).toEqual([])
    })
  })
}
