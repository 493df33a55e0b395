import type { Browser } from '@playwright/test'
import { join } from 'node:path'
import { test as house } from '../browser/accounts.ts'
import { Person } from '../browser/person.ts'
import type { Server } from '../browser/server.ts'
import { expect, test } from '../browser/test.ts'
import { article, concert } from './texts.ts'

/** The pictures of the gallery: each page as people see it, with three of them in it. */
const picture = (name: string) => join(import.meta.dirname, `${name}.png`)

const phone = { width: 390, height: 844 }

async function three(browser: Browser, server: Server): Promise<[Person, Person, Person]> {
  return [
    await Person.come(browser, server, 'Ada', '#c2255c'),
    await Person.come(browser, server, 'Bob', '#1971c2'),
    await Person.come(browser, server, 'Chidi', '#237a35'),
  ]
}

/** A history of three people who write one after the other. */
async function write(people: readonly Person[], id: string): Promise<void> {
  const lines = [
    '\n\nAda: the posters are ready.',
    '\nBob: I have the keys.',
    '\nChidi: I bring tea.',
  ]
  for (const [index, person] of people.entries()) {
    await person.open(id)
    await person.press('ControlOrMeta+End')
    await person.type(lines[index] ?? '', 5)
    await person.saved()
  }
}

test('home, light and dark, and on a phone', async ({ server, ada }) => {
  for (const [title, language] of [
    ['Shopping', 'plain'],
    ['deploy.go', 'go'],
    ['Who may vote', 'markdown'],
    ['Autumn concert', 'markdown'],
  ] as const) {
    await server.create({
      title,
      language,
      content: language === 'markdown' ? concert : `${title}\n`,
    })
  }
  await ada.page.goto(server.url)
  await expect(ada.page.getByTestId('document')).toHaveCount(4)
  await ada.page.screenshot({ path: picture('home') })
  await ada.page.emulateMedia({ colorScheme: 'dark' })
  await ada.page.screenshot({ path: picture('home-dark') })
  await ada.page.emulateMedia({ colorScheme: 'light' })
  await ada.page.setViewportSize(phone)
  await ada.page.screenshot({ path: picture('home-phone') })
})

test('three people in a text; its history; offline', async ({ browser, server }) => {
  const people = await three(browser, server)
  const [ada, bob, chidi] = people
  const id = await server.create({
    title: 'Autumn concert',
    content: concert,
    language: 'markdown',
  })
  await write(people, id)
  await bob.press('ControlOrMeta+Home', 'ArrowDown', 'ArrowDown', 'Shift+End')
  await chidi.press('ControlOrMeta+End')
  await expect(ada.text.locator('.cm-tutti-caret')).toHaveCount(2)
  await ada.page.screenshot({ path: picture('text') })
  await ada.page.emulateMedia({ colorScheme: 'dark' })
  await ada.page.screenshot({ path: picture('text-dark') })
  await ada.page.emulateMedia({ colorScheme: 'light' })
  await chidi.page.setViewportSize(phone)
  await chidi.page.screenshot({ path: picture('text-phone') })

  await ada.page.goto(`${server.url}/d/${id}?history`)
  await expect(ada.page.getByText('Chidi').first()).toBeVisible()
  await ada.page.screenshot({ path: picture('history') })
  const { revision } = (await (await fetch(`${server.url}/api/v1/documents/${id}`)).json()) as {
    revision: number
  }
  await ada.page.goto(`${server.url}/d/${id}?history&compare=0..${revision}`)
  await expect(ada.page.getByTestId('sides').getByText('the posters').first()).toBeVisible()
  await ada.page.screenshot({ path: picture('compare') })

  await server.end('SIGKILL')
  await bob.press('ControlOrMeta+End')
  await bob.type(' And the stands.', 5)
  await expect(bob.saveState).toContainText('kept')
  await bob.page.screenshot({ path: picture('offline') })
  for (const person of people) await person.page.context().close()
})

test('three people in a rich text', async ({ browser, server }) => {
  const people = await three(browser, server)
  const id = await server.create({
    title: 'A short history of the fugue',
    kind: 'rich',
    content: article,
  })
  for (const person of people) await person.open(id)
  const [ada, bob, chidi] = people
  await bob.press('ControlOrMeta+Home', 'ArrowDown', 'Shift+End')
  await chidi.press('ControlOrMeta+End')
  await expect(ada.page.locator('.ql-cursor')).toHaveCount(2)
  await ada.page.screenshot({ path: picture('rich') })
  await chidi.page.setViewportSize(phone)
  await chidi.page.screenshot({ path: picture('rich-phone') })
  for (const person of people) await person.page.context().close()
})

house('sharing, and the administration', async ({ ada, bob, invite, server }) => {
  const chidi = await invite('Chidi')
  const id = await ada.create({ title: 'Autumn concert', language: 'markdown', content: concert })
  await ada.grant(id, bob.id, 'editor')
  await ada.grant(id, chidi.id, 'commenter')
  await ada.link(id, { role: 'viewer' })
  await bob.create({ title: 'Shopping', language: 'plain', content: 'Tea\n' })
  await ada.open(id)
  await ada.page.getByRole('button', { name: 'Share', exact: true }).click()
  const dialog = ada.page.getByRole('dialog', { name: 'Share “Autumn concert”' })
  await expect(dialog.getByTestId('grant')).toHaveCount(3)
  await expect(dialog.getByTestId('link')).toHaveCount(1)
  await ada.page.screenshot({ path: picture('share') })
  await ada.page.setViewportSize(phone)
  await ada.page.screenshot({ path: picture('share-phone') })
  await ada.page.setViewportSize({ width: 1100, height: 700 })
  await ada.page.goto(`${server.url}/?admin=people`)
  await expect(ada.page.getByTestId('person')).toHaveCount(3)
  await ada.page.screenshot({ path: picture('administration') })
})
