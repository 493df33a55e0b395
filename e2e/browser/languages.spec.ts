import type { Page } from '@playwright/test'
import type { Server } from './server.ts'
import { expect, test } from './test.ts'

/** Each language by how its speakers know it, with some of its words. */
const languages = [
  {
    tag: 'ar',
    dir: 'rtl',
    label: 'العربية',
    settings: 'الإعدادات',
    create: 'مستند جديد',
    text: 'نص المستند',
    saved: 'تم الحفظ',
    history: 'السجل',
  },
  {
    tag: 'ja',
    dir: 'ltr',
    label: '日本語',
    settings: '設定',
    create: '新しい文書',
    text: '文書の本文',
    saved: '保存済み',
    history: '履歴',
  },
]

const arabicText = `# حفل الخريف

نعزف يوم **14 نوفمبر** في السابعة، في القاعة القديمة.

- [x] حجز القاعة
- [ ] الكتابة إلى كل من سيأتي
`

/** How many pixels of a page are beside the window, where nobody finds them. */
const beside = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth = 0 } = document.scrollingElement ?? {}
    return Math.max(0, scrollWidth - innerWidth)
  })

async function append(server: Server, id: string, text: string): Promise<void> {
  const response = await fetch(`${server.url}/api/v1/documents/${id}/content`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ edits: [{ append: text }] }),
  })
  expect(response.status).toBe(200)
}

for (const { tag, dir, label, settings, create, text, saved, history } of languages) {
  test(`${label} is chosen in the settings, and stays`, async ({ server, ada }) => {
    const { page } = ada
    const html = page.locator('html')
    const id = await server.create({ title: 'Plan', content: 'one\n', language: 'plain' })
    await page.goto(server.url)
    await expect(page.getByRole('button', { name: 'New document' })).toBeVisible()
    await expect(html).toHaveAttribute('lang', 'en')

    await page.keyboard.press('ControlOrMeta+,')
    await page.getByRole('dialog').getByLabel('Language').selectOption({ label })
    await expect(page.getByRole('dialog', { name: settings })).toBeVisible()
    await expect(html).toHaveAttribute('lang', tag)
    await expect(html).toHaveAttribute('dir', dir)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('button', { name: create })).toBeVisible()

    await page.reload()
    await expect(page.getByRole('button', { name: create })).toBeVisible()
    await expect(html).toHaveAttribute('lang', tag)
    await expect(html).toHaveAttribute('dir', dir)

    await page.goto(`${server.url}/d/${id}`)
    await expect(page.getByRole('textbox', { name: text })).toBeEditable()
    await expect(ada.saveState).toHaveText(saved)
    await page.getByRole('link', { name: history }).click()
    await expect(page.getByTestId('session')).toHaveCount(1)
    await expect(html).toHaveAttribute('lang', tag)
  })
}

test('the language changes under a document that is open', async ({ server, ada }) => {
  const { page } = ada
  const id = await server.create({ title: 'Plan', content: 'one\n', language: 'plain' })
  await ada.open(id)
  await ada.type('two ')
  await ada.saved()
  await page.keyboard.press('ControlOrMeta+,')
  await page.getByRole('dialog').getByLabel('Language').selectOption('ja')
  await page.keyboard.press('Escape')
  await expect(ada.saveState).toHaveText('保存済み')
  const text = page.getByRole('textbox', { name: '文書の本文' })
  await expect(text).toContainText('two one')
  await text.press('z')
  await expect.poll(() => server.content(id)).toContain('z')
})

test.describe('a browser that asks for Arabic', () => {
  test.use({ locale: 'ar-EG' })

  for (const [device, viewport] of [
    ['desktop', { width: 1100, height: 700 }],
    ['phone', { width: 360, height: 740 }],
  ] as const) {
    test(`gets it, and nothing is beside the page: ${device}`, async ({ server, ada }, info) => {
      const { page } = ada
      const keep = async (name: string) =>
        info.attach(name, { body: await page.screenshot(), contentType: 'image/png' })
      await page.setViewportSize(viewport)
      const fields = { content: arabicText, language: 'markdown', tags: ['موسيقى', 'concert'] }
      const id = await server.create({ title: 'حفل الخريف', ...fields })
      await server.create({ title: 'A plan (in English)', content: 'Just letters.\n' })
      await append(server, id, '\nوسؤال أخير: who brings the stands?\n')

      await page.goto(server.url)
      await expect(page.getByTestId('document')).toHaveCount(2)
      await expect(page.locator('html')).toHaveAttribute('lang', 'ar')
      await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
      await expect(page.getByTestId('document').first()).toContainText('الآن')
      expect(await beside(page)).toBe(0)
      await keep('home')

      await page.goto(`${server.url}/d/${id}`)
      const text = page.getByRole('textbox', { name: 'نص المستند' })
      await expect(text).toBeEditable()
      await expect(ada.saveState).toHaveText('تم الحفظ')
      expect(await beside(page)).toBe(0)
      await keep('text')

      const rich = await server.create({ kind: 'rich', title: 'رسالة', content: 'مرحبًا\n' })
      await page.goto(`${server.url}/d/${rich}`)
      await expect(page.getByRole('toolbar', { name: 'التنسيق' })).toBeVisible()
      await expect(ada.saveState).toHaveText('تم الحفظ')
      expect(await beside(page)).toBe(0)
      await keep('rich')

      await page.goto(`${server.url}/d/${id}?history`)
      await expect(page.getByTestId('past')).toContainText('وسؤال أخير')
      expect(await beside(page)).toBe(0)
      await keep('history')
    })
  }
})

for (const [locale, today] of [
  ['ar-EG', 'اليوم'],
  ['ja-JP', '今日'],
] as const) {
  test.describe(locale, () => {
    test.use({ locale, timezoneId: 'UTC' })

    test('dates are written in it', async ({ server, ada }) => {
      const { page } = ada
      const id = await server.create({ title: 'Plan', content: 'one\n' })
      await page.goto(`${server.url}/d/${id}?history`)
      await expect(page.getByRole('heading', { name: today })).toBeVisible()

      await page.clock.setFixedTime(new Date('2050-02-01T12:00:00Z'))
      await page.goto(server.url)
      const time = page.getByTestId('document').locator('time')
      await expect(time).not.toHaveText(/[a-z]/i)
      const made = new Intl.DateTimeFormat(locale.slice(0, 2), { month: 'long' })
      await expect(time).toContainText(made.format(new Date()))
    })
  })
}
