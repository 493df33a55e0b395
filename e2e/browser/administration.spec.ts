import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, Member, test } from './accounts.ts'

const tab = ({ page }: Member, name: string) =>
  page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name })
const row = ({ page }: Member, kind: string, text: string) =>
  page.getByTestId(kind).filter({ hasText: text })

async function choose(member: Member, of: string, action: string) {
  await member.page.getByRole('button', { name: `What can be done with ${of}` }).click()
  await member.page.getByRole('menuitem', { name: action }).click()
}

/** What axe finds that keeps somebody out. */
async function grave(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

test('administrators find their pages from the list of documents; others are told', async ({
  server,
  ada,
  bob,
}) => {
  await ada.page.goto(server.url)
  await ada.page.getByRole('button', { name: 'More', exact: true }).click()
  await ada.page.getByRole('menuitem', { name: 'Administration' }).click()
  await expect(ada.page.getByRole('heading', { level: 1 })).toHaveText('Administration')
  await expect(tab(ada, 'People')).toHaveAttribute('aria-current', 'page')
  await bob.page.goto(`${server.url}/?admin=audit`)
  await expect(bob.page.getByRole('heading', { level: 1 })).toHaveText(
    'This page is for administrators',
  )
  await bob.page.goto(server.url)
  await bob.page.getByRole('button', { name: 'More', exact: true }).click()
  await expect(bob.page.getByRole('menuitem').first()).toBeVisible()
  await expect(bob.page.getByRole('menuitem', { name: 'Administration' })).toHaveCount(0)
})

test('somebody is invited by a link that is shown once, and withdrawn again', async ({
  browser,
  server,
  ada,
}) => {
  const { page } = ada
  await page.goto(`${server.url}/?admin=people`)
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await page.getByRole('button', { name: 'Make a link' }).click()
  const dialog = page.getByRole('dialog', { name: 'The link is ready' })
  const link = await dialog.getByRole('textbox', { name: 'Link' }).inputValue()
  expect(link).toContain(`${server.url}/#redeem=`)
  await dialog.getByRole('button', { name: 'Copy link' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByTestId('invitation')).toHaveCount(1)

  const carla = await Member.come(browser, server, 'Carla')
  await carla.redeem(link.split('#redeem=')[1] ?? '')
  await page.reload()
  await expect(row(ada, 'person', 'Carla')).toContainText('Member')
  await expect(page.getByTestId('invitation')).toHaveCount(0)

  await choose(ada, 'Carla', 'Link to a new password')
  await expect(page.getByRole('dialog', { name: /Carla/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('invitation')).toContainText('New password for Carla')
  await page.getByTestId('invitation').getByRole('button', { name: 'Withdraw' }).click()
  await expect(page.getByTestId('invitation')).toHaveCount(0)
  await carla.leave()
})

test('there stays an administrator, and who is removed leaves documents to an heir', async ({
  server,
  ada,
  bob,
  invite,
}) => {
  const carla = await invite('Carla')
  await bob.create({ title: 'Plan of Bob' })
  const { page } = ada
  const toasts = page.getByTestId('toasts')
  await page.goto(`${server.url}/?admin=people`)
  await choose(ada, 'Ada', 'No longer an administrator')
  await page.getByRole('dialog').getByRole('button', { name: 'No longer an' }).click()
  await expect(toasts).toContainText('Make somebody else an administrator first')
  await choose(ada, 'Carla', 'Make an administrator')
  await expect(row(ada, 'person', 'Carla')).toContainText('Administrator')

  await page.getByRole('searchbox', { name: 'Find a person' }).fill('bo')
  await expect(page.getByTestId('person')).toHaveCount(1)
  await choose(ada, 'Bob', 'Remove')
  const dialog = page.getByRole('dialog', { name: 'Remove Bob?' })
  await expect(dialog).toContainText('They own 1 document.')
  await dialog.getByRole('combobox').selectOption({ label: 'Carla (carla)' })
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await expect(toasts).toContainText('Bob is removed.')
  await expect(page.getByTestId('person')).toHaveCount(0)
  await carla.page.goto(server.url)
  await expect(carla.page.getByTestId('document')).toContainText('Plan of Bob')

  // What was given is taken at once, and the page says so.
  await page.getByRole('searchbox', { name: 'Find a person' }).fill('')
  await choose(ada, 'Ada', 'No longer an administrator')
  await page.getByRole('dialog').getByRole('button', { name: 'No longer an' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'This page is for administrators',
  )
})

test('documents that one may not read are found, handed on and put away', async ({
  server,
  ada,
  bob,
}) => {
  await bob.create({ title: 'Plan of Bob', content: 'words' })
  await bob.create({ title: 'Another' })
  const { page } = ada
  await page.goto(`${server.url}/?admin=documents`)
  await expect(page.getByTestId('inventory')).toHaveCount(2)
  await page.getByRole('searchbox').fill('plan')
  await expect(page.getByTestId('inventory')).toHaveCount(1)
  await expect(row(ada, 'inventory', 'Plan of Bob')).toContainText('Bob')
  await expect(row(ada, 'inventory', 'Plan of Bob')).toContainText('5 characters')
  await expect(row(ada, 'inventory', 'Plan of Bob').getByRole('link')).toHaveCount(0)

  await choose(ada, 'Plan of Bob', 'Change the owner')
  const dialog = page.getByRole('dialog', { name: /Plan of Bob/ })
  await dialog.getByRole('combobox').selectOption({ label: 'Ada (ada)' })
  await dialog.getByRole('button', { name: 'Change the owner' }).click()
  await expect(row(ada, 'inventory', 'Plan of Bob')).toContainText('Ada')
  await expect(row(ada, 'inventory', 'Plan of Bob').getByRole('link')).toHaveCount(1)

  await choose(ada, 'Plan of Bob', 'Move to trash')
  await expect(page.getByTestId('inventory')).toHaveCount(0)
  await page.getByRole('checkbox', { name: 'In the trash' }).check()
  await choose(ada, 'Plan of Bob', 'Delete for good')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click()
  await expect(page.getByText('No document is like that.')).toBeVisible()
})

test('who is connected is seen, told something, and disconnected', async ({ server, ada, bob }) => {
  const id = await bob.create({ title: 'Plan of Bob' })
  await bob.open(id)
  await expect(bob.page.getByRole('textbox', { name: 'Document text' })).toBeEditable()
  const { page } = ada
  await page.goto(`${server.url}/?admin=connections`)
  await expect(row(ada, 'connection', 'Bob')).toContainText('Plan of Bob')
  await expect(row(ada, 'connection', 'Bob')).toContainText('up to date')
  await choose(ada, 'Bob', 'Send a message')
  const message = page.getByRole('dialog', { name: 'A message to Bob' })
  await message.getByRole('textbox').fill('The server stops at noon.')
  await message.getByRole('button', { name: 'Send' }).click()
  await expect(bob.page.getByText('The server stops at noon.')).toBeVisible()
  await choose(ada, 'Bob', 'Disconnect')
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click()
  await expect(bob.page.getByTestId('stopped')).toBeVisible()
  await expect(page.getByText('Nobody has a document open.')).toBeVisible()
  // Others come without being asked for.
  await bob.page.reload()
  await expect(row(ada, 'connection', 'Bob')).toBeVisible()
})

test('the audit log is filtered, and followed until it is paused', async ({ server, ada, bob }) => {
  const { page } = ada
  await page.goto(`${server.url}/?admin=audit`)
  await expect(page.getByText('New entries appear as they happen.')).toBeVisible()
  const entries = page.getByTestId('audit-entry')
  const before = await entries.count()
  const id = await bob.create({ title: 'Plan of Bob' })
  await bob.grant(id, ada.id, 'viewer')
  await expect(entries).toHaveCount(before + 1)
  await expect(entries.first()).toContainText('Gave a role')
  await expect(entries.first()).toContainText('Plan of Bob')
  await expect(entries.first()).toContainText('Viewer')

  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(page.getByText('Paused.')).toBeVisible()
  await bob.grant(id, ada.id, 'editor')
  await page.getByRole('button', { name: 'Follow' }).click()
  await expect(entries).toHaveCount(before + 2) // what was written meanwhile comes, too

  await page.getByRole('combobox', { name: 'What' }).selectOption('granted')
  await expect(entries).toHaveCount(2)
  await page.getByRole('combobox', { name: 'Person' }).selectOption('Bob')
  await expect(entries).toHaveCount(2)
  await bob.grant(id, ada.id, 'viewer')
  await expect(entries).toHaveCount(3)
  await page.getByRole('combobox', { name: 'What' }).selectOption('document_deleted')
  await expect(page.getByText('No entry is like that.')).toBeVisible()
  await page.reload()
  await expect(page.getByRole('combobox', { name: 'What' })).toHaveValue('document_deleted')
})

test('the server says what runs and how large it is', async ({ server, ada }) => {
  await ada.page.goto(`${server.url}/?admin=server`)
  const fact = (name: string) =>
    ada.page.getByRole('definition').and(ada.page.locator(`dt:text-is("${name}") + dd`))
  await expect(fact('State')).toHaveText('Takes edits')
  await expect(fact('Mode')).toHaveText('With accounts')
  await expect(fact('People')).toHaveText('1')
  await expect(fact('Database')).toHaveText(/kB|MB/)
  await expect(fact('Free on the disk')).toHaveText(/ of /)
})

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of [
    { width: 1100, height: 700 },
    { width: 390, height: 844 },
  ]) {
    test(`every page keeps nobody out: ${colorScheme}, ${viewport.width}`, async ({
      server,
      ada,
      bob,
    }) => {
      const { page } = ada
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize(viewport)
      const id = await bob.create({ title: 'Plan of Bob, with a title that is rather long' })
      await ada.call('POST', '/invitations')
      await bob.open(id)
      await expect(bob.page.getByRole('textbox', { name: 'Document text' })).toBeEditable()
      for (const [name, shown] of [
        ['people', page.getByTestId('person').first()],
        ['documents', page.getByTestId('inventory')],
        ['connections', page.getByTestId('connection')],
        ['audit', page.getByTestId('audit-entry').first()],
        ['server', page.getByRole('definition').first()],
      ] as const) {
        await page.goto(`${server.url}/?admin=${name}`)
        await expect(shown).toBeVisible()
        expect(await grave(page)).toEqual([])
        const wider = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        expect(wider).toBe(0)
        if (process.env['SHOTS'])
          await page.screenshot({
            path: `${process.env['SHOTS']}/${name}-${colorScheme}-${viewport.width}.png`,
            fullPage: true,
          })
      }
    })
  }
}
