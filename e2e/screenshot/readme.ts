import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../browser/test.ts'
import { concert } from './texts.ts'

test('two people in one Markdown document', async ({ server, ada, bob }) => {
  const id = await server.create({
    title: 'Autumn concert',
    content: concert,
    language: 'markdown',
  })
  await ada.open(id)
  await bob.open(id)
  await bob.press('ControlOrMeta+Home')
  await ada.press('ControlOrMeta+End', 'ArrowUp', 'End')
  await ada.type(' played last year')
  await ada.saved()
  // Last of all, since a name fades some seconds after the caret has come.
  await bob.press(...Array<string>(9).fill('ArrowDown'), 'Shift+End')
  await expect(ada.text.locator('.cm-tutti-caret')).toContainText('Bob')
  await expect(ada.text.locator('.cm-tutti-selection')).toHaveCount(1)
  const path = join(import.meta.dirname, 'tutti.png')
  await ada.page.screenshot({ path })
  expect(readFileSync(path).length).toBeGreaterThan(10_000)
})
