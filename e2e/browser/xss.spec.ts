import type { Page } from '@playwright/test'
import { Person } from './person.ts'
import { expect, test } from './test.ts'

/** What has made other editors run somebody's script. Each would leave its mark on the window. */
const payloads = [
  '<script>xss(1)</script>',
  '<img src=x onerror="xss(2)">',
  '<svg onload="xss(3)"></svg>',
  '"><iframe srcdoc="<script>parent.xss(4)</script>"></iframe>',
  '<a href="javascript:xss(5)">click</a>',
  '[click](javascript:xss(6))',
  '![x](x" onerror="xss(7))',
  '<math><mtext><table><mglyph><style><img src=x onerror=xss(8)>',
  '<form><button formaction="javascript:xss(9)">go</button></form>',
  '<details open ontoggle="xss(10)">x</details>',
  '$\\href{javascript:xss(11)}{x}$ $\\htmlData{a=b}{x}$',
  '```mermaid\ngraph TD; A["<img src=x onerror=xss(12)>"]; click A "javascript:xss(13)"\n```',
  '<style>@import "javascript:xss(14)"; *{background:url("javascript:xss(15)")}</style>',
  '<object data="data:text/html,<script>xss(16)</script>"></object>',
  '{{constructor.constructor("xss(17)")()}}',
]

const mark = '__xss'

async function watch(page: Page): Promise<() => Promise<void>> {
  await page.addInitScript(() => {
    const hits: unknown[] = []
    Object.assign(window, { __xss: hits, xss: (n: unknown) => hits.push(n) })
  })
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  return async () => {
    expect(await page.evaluate((mark) => Reflect.get(window, mark) as unknown, mark)).toEqual([])
    expect(dialogs).toEqual([])
  }
}

test('markup of others runs nothing, wherever it is shown', async ({ server, browser }) => {
  const text = payloads.join('\n\n')
  const nasty = '<img src=x onerror=xss(20)>'
  const ada = await Person.come(browser, server, nasty, '#c2255c')
  const bob = await Person.come(browser, server, '<svg/onload=xss(21)>', '#1971c2')
  const clean = [await watch(ada.page), await watch(bob.page)]

  const id = await server.create({
    title: nasty,
    content: text,
    language: 'markdown',
  })
  await ada.open(id)
  await bob.open(id)
  await expect(bob.page.getByTestId('people')).toContainText('<img src=x')
  await bob.type('x')

  await bob.page.getByRole('button', { name: /^Chat/ }).click()
  for (const line of payloads.slice(0, 8)) {
    const composer = bob.page.getByRole('textbox', { name: 'Message' })
    await composer.fill(line)
    await composer.press('Enter')
  }
  await ada.page.getByRole('button', { name: /^Chat/ }).click()
  await expect(ada.page.getByTestId('chat-line')).toHaveCount(8)

  const views = ['?history', '?']
  for (const view of views) {
    await ada.page.goto(`${server.url}/d/${id}${view}`)
    await expect(ada.page.getByText('xss(1)').first()).toBeVisible()
  }
  await ada.page.goto(`${server.url}/?q=xss`)
  await expect(ada.page.getByTestId('document').first()).toContainText(nasty)
  await ada.page.getByRole('searchbox').fill('onerror')
  await expect(ada.page.getByTestId('document').first()).toContainText(nasty)

  for (const check of clean) await check()
  await ada.page.context().close()
  await bob.page.context().close()
})

test('a preview runs nothing', async ({ server, ada }) => {
  const check = await watch(ada.page)
  await ada.page.addInitScript(() => {
    localStorage.setItem('tutti.settings', JSON.stringify({ layout: 'split' }))
  })
  const id = await server.create({ content: payloads.join('\n\n'), language: 'markdown' })
  await ada.open(id)
  const preview = ada.page.getByRole('region', { name: 'Preview' })
  await expect(preview).toContainText('constructor')
  await expect(preview.locator('script, iframe, object, form, style')).toHaveCount(0)
  for (const link of await preview.getByRole('link').all()) {
    expect(await link.getAttribute('href')).not.toMatch(/^javascript:/i)
  }
  await check()
})

test('a rich text runs nothing, whatever a program put into it', async ({ server, ada }) => {
  const check = await watch(ada.page)
  const bad = 'javascript:xss(30)'
  const content = [
    { insert: 'click', attributes: { link: bad, background: 'url(javascript:xss(31))' } },
    { insert: '\n', attributes: { header: '<img src=x onerror=xss(32)>' } },
    { insert: { image: bad } },
    { insert: { image: 'data:image/svg+xml,<svg onload="parent.xss(33)"/>' } },
    { insert: { video: bad } },
    { insert: { formula: '<img src=x onerror=xss(34)>' } },
    { insert: { unknown: '<img src=x onerror=xss(35)>' } },
    { insert: '<img src=x onerror=xss(36)>\n' },
  ]
  const id = await server.create({ kind: 'rich', content })
  await ada.open(id)
  await expect(ada.text).toContainText('<img src=x')
  await ada.text.getByText('click').click()
  await expect(ada.text.locator('a[href^="javascript:"], iframe, script')).toHaveCount(0)
  await ada.page.goto(`${server.url}/d/${id}?history`)
  await expect(ada.page.getByTestId('past')).toContainText('<img src=x')
  await expect(ada.page.locator('a[href^="javascript:"], iframe')).toHaveCount(0)
  await check()
})

test('the page allows no inline script and no eval', async ({ server, ada }) => {
  const response = await ada.page.goto(server.url)
  const policy = response?.headers()['content-security-policy'] ?? ''
  const scripts = /script-src ([^;]*)/.exec(policy)?.[1]
  expect(scripts).toBe("'self'")
  const ran = await ada.page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.__inline = true'
    document.head.append(script)
    return Reflect.get(window, '__inline') === true
  })
  expect(ran).toBe(false)
})
