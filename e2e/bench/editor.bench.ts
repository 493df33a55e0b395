import { expect, test } from '../browser/test.ts'
import { summary, traceKeys } from './trace.ts'
import { letType } from './typists.ts'

/** Markdown as people write it, of so many units. */
function text(length: number): string {
  const part = (i: number) =>
    `## Part ${i}\n\nSome *words* about part ${i}, with a [link](https://example.org/${i}) and \`code\`, going on for a while so that the line is wrapped.\n\n- one\n- [ ] two\n\n`
  let all = ''
  for (let i = 0; all.length < length; i++) all += part(i)
  return all
}

for (const language of ['plain', 'markdown'] as const) {
  for (const layout of language === 'markdown'
    ? (['edit', 'split'] as const)
    : (['edit'] as const)) {
    test(`typing in 1 MB, ${language}, ${layout}, while ten others type`, async ({
      server,
      ada,
      bob,
      browser,
    }) => {
      const id = await server.create({ content: text(1_000_000), language })
      await ada.page.addInitScript(
        (layout) => localStorage.setItem('tutti.settings', JSON.stringify({ layout })),
        layout,
      )
      await ada.open(id)
      if (layout === 'split')
        await expect(ada.page.getByRole('region', { name: 'Preview' })).toContainText('Part 0')
      await bob.page.goto(server.url)
      await letType(bob.page, id, 10, 150)
      await expect(ada.page.getByTestId('people')).toContainText('+5')
      await ada.press('ControlOrMeta+Home', 'ArrowDown', 'End')
      await ada.type('warming up', 50)
      const keys = await traceKeys(browser, ada.page, async () => {
        await ada.type(
          'The quick brown fox jumps over the lazy dog, again and again and again.',
          100,
        )
      })
      console.log(
        `1 MB, ${language}, ${layout}: a key is handled in ${summary(keys.map(({ handling }) => handling))}`,
      )
      console.log(
        `1 MB, ${language}, ${layout}: with its frame ${summary(keys.map(({ handling, painting }) => handling + painting))}`,
      )
    })
  }
}

for (const length of [100_000, 1_000_000]) {
  test(`opening ${length / 1000} KB`, async ({ server, browser }) => {
    const id = await server.create({ content: text(length), language: 'markdown' })
    const times: number[] = []
    for (let i = 0; i < 5; i++) {
      // Somebody who has never been here, in a browser that is running.
      const context = await browser.newContext()
      const page = await context.newPage()
      await page.goto('about:blank')
      const start = Date.now()
      await page.goto(`${server.url}/d/${id}`, { waitUntil: 'commit' })
      await page.locator('.cm-content[contenteditable=true]').waitFor()
      times.push(Date.now() - start)
      await context.close()
    }
    console.log(`${length / 1000} KB are open for writing after ${summary(times)}`)
  })
}
