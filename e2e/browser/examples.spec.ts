import type { Page } from '@playwright/test'
import { expect, test } from './test.ts'

const editors = [
  { name: 'codemirror', kind: 'text' },
  { name: 'quill', kind: 'rich' },
  { name: 'textarea', kind: 'text' },
] as const

for (const { name, kind } of editors) {
  test(`two people write together in the example for ${name}`, async ({ server, ada, bob }) => {
    const id = await server.create({ kind, content: 'start\n' })
    const faults: string[] = []
    const open = async (page: Page) => {
      page.on('pageerror', (error) => faults.push(String(error)))
      page.on('console', (message) => {
        // The page's policy says there what it did not allow.
        if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico'))
          faults.push(message.text())
      })
      await page.goto(`${server.url}/examples/${name}.html?id=${id}`)
      const text = page.getByLabel('Text')
      // Of an element that nobody can edit yet the next line would not wait for the other.
      await expect(text).not.toHaveAttribute('contenteditable', 'false')
      await expect(text).toBeEditable()
      await text.focus()
      return text
    }
    const [adas, bobs] = [await open(ada.page), await open(bob.page)]
    await adas.press('ControlOrMeta+Home')
    await bobs.press('ControlOrMeta+End')
    await Promise.all([
      adas.pressSequentially('Ada 😀 ', { delay: 20 }),
      bobs.pressSequentially('and Bob', { delay: 20 }),
    ])
    const expected = kind === 'rich' ? /^Ada 😀 startand Bob\n$/ : /^Ada 😀 start\nand Bob$/
    await expect.poll(() => server.content(id)).toMatch(expected)
    await expect(ada.page).toHaveTitle('Saved')
    const shown = (page: Page) =>
      page
        .getByLabel('Text')
        .evaluate((element: HTMLElement) =>
          element instanceof HTMLTextAreaElement ? element.value : element.innerText,
        )
    for (const page of [ada.page, bob.page]) {
      await expect.poll(() => shown(page)).toContain('Ada 😀')
      await expect.poll(() => shown(page)).toContain('and Bob')
    }

    // Undo takes back one's own.
    await adas.press('ControlOrMeta+z')
    await expect.poll(() => server.content(id)).toContain('and Bob')
    await expect.poll(() => server.content(id)).not.toContain('Ada 😀')
    expect(faults).toEqual([])
  })
}
