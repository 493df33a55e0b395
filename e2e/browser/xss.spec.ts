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
