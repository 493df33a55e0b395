import type { Locator } from '@playwright/test'
import { expect, expectAgreement, test } from './test.ts'
import type { Person } from './person.ts'

const sample = `# Minutes

A [link](https://example.org) and a [named one][n], costs $5 and $6.

[n]: https://example.com/named

- [ ] write
- [x] read

| Name | Amount |
|------|-------:|
| Ada  | 3 |

\`\`\`js
const a = 1
\`\`\`

[back up](#minutes)
`

const preview = ({ page }: Person): Locator => page.getByRole('region', { name: 'Preview' })
const show = ({ page }: Person, layout: string) =>
  page.getByRole('button', { name: layout, exact: true }).click()

test('Markdown is shown as its readers see it, while it is written', async ({
  server,
  ada,
  bob,
}) => {
  const id = await server.create({ content: sample, language: 'markdown' })
  await Promise.all([ada.open(id), bob.open(id)])
  await show(ada, 'Edit and preview')
  const shown = preview(ada)
  await expect(shown.getByRole('heading', { name: 'Minutes' })).toBeVisible()
  await expect(shown.getByRole('table')).toContainText('Amount')
  await expect(shown).toContainText('costs $5 and $6.')
  await expect(shown.locator('pre span').first()).toHaveText('const')
  for (const [name, address] of [
    ['link', 'https://example.org'],
    ['named one', 'https://example.com/named'],
  ] as const) {
    const link = shown.getByRole('link', { name, exact: true })
    await expect(link).toHaveAttribute('href', address)
    await expect(link).toHaveAttribute('target', '_blank')
    await expect(link).toHaveAttribute('rel', /noopener/)
  }

  // What the other writes, too; and what stands elsewhere stays as it is.
  await shown.getByRole('table').evaluate((table) => table.setAttribute('data-same', ''))
  await bob.press('ControlOrMeta+Home', 'End')
  await bob.type(' of *Monday*')
  await expect(shown.getByRole('heading')).toHaveText('Minutes of Monday')
  await expect(shown.locator('em')).toHaveText('Monday')
  await expect(shown.locator('table[data-same]')).toBeVisible()

  // The choice is remembered.
  await ada.page.reload()
  await expect(preview(ada).getByRole('heading')).toHaveText('Minutes of Monday')
})

test('a box that is ticked in the preview is ticked in the text', async ({ server, ada, bob }) => {
  const id = await server.create({ content: sample, language: 'markdown' })
  await Promise.all([ada.open(id), bob.open(id)])
  await show(ada, 'Preview')
  const boxes = preview(ada).getByRole('checkbox')
  await expect(boxes).toHaveCount(2)
  await boxes.first().click()
  await expect(bob.text).toContainText('- [x] write')
  await expect(preview(ada).getByRole('checkbox', { name: 'Done: write' })).toBeChecked()
  await preview(ada).getByRole('checkbox', { name: 'Done: read' }).press('Space')
  await expect(bob.text).toContainText('- [ ] read')
  await show(ada, 'Edit')
  expect(await expectAgreement(server, id, ada, bob)).toContain('- [x] write\n- [ ] read')
})

test('formulas and diagrams are drawn, and loaded only where there are some', async ({
  server,
  ada,
}) => {
  const heavy = /katex|mermaid|maths|diagrams/i
  const asked: string[] = []
  ada.page.on('request', (request) => {
    if (heavy.test(request.url())) asked.push(request.url())
  })
  const id = await server.create({ content: sample, language: 'markdown' })
  await ada.open(id)
  await show(ada, 'Edit and preview')
  await expect(preview(ada).getByRole('table')).toBeVisible()
  expect(asked).toEqual([])

  await ada.press('ControlOrMeta+End')
  await ada.paste(
    '\n$e^{i\\pi} = -1$\n\n$$\na\n- b\n$$\n\n```mermaid\ngraph TD\n  A[Start] --> B[End]\n```\n',
  )
  await expect(preview(ada).locator('.katex')).toHaveCount(2)
  const diagram = preview(ada).getByRole('img', { name: 'Diagram' })
  await expect(diagram).toBeVisible()
  expect(await diagram.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(
    50,
  )

  await ada.press('ControlOrMeta+End')
  await ada.paste('\n```mermaid\nno such diagram\n```\n')
  await expect(preview(ada)).toContainText('The diagram cannot be drawn.')
})

test('nothing that people write runs in the preview, or reaches out of it', async ({
  server,
  ada,
}) => {
  const content = [
    '<img src=x onerror="window.hacked=1">',
    '<script>window.hacked=2</script>',
    '[a](javascript:window.hacked=3) <a href="javascript:window.hacked=3">b</a>',
    '<svg onload="window.hacked=4"></svg> <iframe srcdoc="<script>top.hacked=5</script>"></iframe>',
    '<div style="position:fixed;inset:0">over</div>',
    '<form action="https://evil.example"><input name="x"></form>',
    '![tracked](https://evil.example/pixel.png)',
    '$\\href{javascript:window.hacked=6}{x}$',
    '```mermaid\ngraph TD\n A["<img src=x onerror=window.hacked=7>"] --> B\n click B "javascript:window.hacked=8"\n```',
  ].join('\n\n')
  const foreign: string[] = []
  ada.page.on('request', (request) => {
    if (!request.url().startsWith(server.url) && !/^(data|blob):/.test(request.url()))
      foreign.push(request.url())
  })
  const id = await server.create({ content, language: 'markdown' })
  await ada.open(id)
  await show(ada, 'Edit and preview')
  const shown = preview(ada)
  await expect(shown.getByRole('img', { name: 'Diagram' })).toBeVisible()
  await expect(shown.locator('.katex')).toBeVisible()
  await expect(shown.getByText('over')).toHaveCSS('position', 'static')
  await expect(
    shown.locator('script, iframe, form, svg:not(.katex *), [onerror], [href^="javascript"]'),
  ).toHaveCount(0)
  await expect(shown.getByRole('link', { name: 'tracked' })).toHaveAttribute(
    'href',
    'https://evil.example/pixel.png',
  )
  for (const link of await shown.getByText(/^[ab]$/).all()) await link.click()
  expect(await ada.page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined()
  expect(foreign).toEqual([])
})

const long = Array.from({ length: 300 }, (_, i) => `## Part ${i}\n\nText of part ${i}.\n`).join(
  '\n',
)

test('text and preview scroll together, either way, and the outline leads through both', async ({
  server,
  ada,
}) => {
  const id = await server.create({ content: long, language: 'markdown' })
  await ada.open(id)
  await show(ada, 'Edit and preview')
  const shown = preview(ada)
  await expect(shown.getByRole('heading', { name: 'Part 0', exact: true })).toBeVisible()

  await ada.text.hover()
  await ada.page.mouse.wheel(0, 9000)
  await expect(shown.getByRole('heading', { name: 'Part 0', exact: true })).not.toBeInViewport()
  const first = ada.text.locator('.cm-line').filter({ hasText: '## Part' })
  const inSight = async (lines: Locator) => {
    for (const line of await lines.all()) {
      const box = await line.boundingBox()
      if (box && box.y > 60) return Number(/\d+/.exec(await line.innerText())?.[0])
    }
    return NaN
  }
  await expect
    .poll(async () =>
      Math.abs((await inSight(first)) - (await inSight(shown.getByRole('heading')))),
    )
    .toBeLessThanOrEqual(2)
  expect(await inSight(first)).toBeGreaterThan(20)

  await shown.hover()
  await ada.page.mouse.wheel(0, -100_000)
  await expect(ada.text.locator('.cm-line', { hasText: /^## Part 0$/ })).toBeInViewport()

  await ada.page.getByRole('button', { name: 'Outline' }).click()
  await ada.page.getByRole('button', { name: 'Part 250', exact: true }).click()
  await expect(ada.text.locator('.cm-line', { hasText: /^## Part 250$/ })).toBeInViewport()
  await expect(shown.getByRole('heading', { name: 'Part 250', exact: true })).toBeInViewport()
})

test('a link within the text leads to its heading', async ({ server, ada }) => {
  const id = await server.create({ content: `${long}\n[up](#part-3)\n`, language: 'markdown' })
  await ada.open(id)
  await show(ada, 'Preview')
  await preview(ada).focus()
  // What comes into sight takes its true height, so that the end is further down.
  await expect(async () => {
    await preview(ada).press('End')
    await expect(preview(ada).getByRole('link', { name: 'up' })).toBeInViewport({ timeout: 500 })
  }).toPass()
  await preview(ada).getByRole('link', { name: 'up' }).click()
  await expect(preview(ada).getByRole('heading', { name: 'Part 3', exact: true })).toBeInViewport()
  await expect(ada.page).toHaveURL(new RegExp(`${id}$`))
})

test('on a phone the preview takes the place of the text', async ({ server, ada }, info) => {
  await ada.page.setViewportSize({ width: 390, height: 844 })
  const id = await server.create({ content: sample, language: 'markdown' })
  await ada.open(id)
  await expect(ada.page.getByRole('button', { name: 'Edit and preview' })).toHaveCount(0)
  await show(ada, 'Preview')
  await expect(preview(ada).getByRole('table')).toBeVisible()
  await expect(ada.text).toBeHidden()
  await info.attach('phone', { body: await ada.page.screenshot(), contentType: 'image/png' })
  await show(ada, 'Edit')
  await expect(ada.text).toBeVisible()
})

test('what is printed is the whole text, rendered', async ({ server, ada }) => {
  const id = await server.create({ content: `${long}\n$x^2$\n`, language: 'markdown' })
  await ada.open(id)
  await ada.page.evaluate(() => (window.print = () => dispatchEvent(new Event('beforeprint'))))
  const paper = ada.page.getByTestId('printout')
  await expect(async () => {
    await ada.press('ControlOrMeta+p') // What takes this key comes after the text.
    await expect(paper).toBeAttached({ timeout: 2_000 })
  }).toPass()
  await ada.page.emulateMedia({ media: 'print' })
  await expect(paper.getByRole('heading', { name: 'Part 299' })).toBeVisible()
  await expect(paper.locator('.katex')).toBeVisible()
  await expect(paper.getByRole('heading')).toHaveCount(300)
  await expect(ada.page.getByRole('banner')).toBeHidden()
  await expect(ada.text).toBeHidden()
})
