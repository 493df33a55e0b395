import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, test } from './test.ts'

interface Dropped {
  name: string
  text: string
}

/** Drops files on the page, as from a folder of the machine. */
async function drop(page: Page, files: Dropped[]) {
  const transfer = await page.evaluateHandle((files) => {
    const transfer = new DataTransfer()
    for (const { name, text } of files) transfer.items.add(new File([text], name))
    return transfer
  }, files)
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: transfer })
  await expect(page.getByText('Drop files to import them')).toBeVisible()
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer })
  await expect(page.getByText('Drop files to import them')).toBeHidden()
}

test('files that are dropped become documents, and each that cannot says why', async ({
  server,
  ada,
}, info) => {
  const { page } = ada
  await page.goto(server.url)
  await expect(page.getByTestId('empty')).toContainText('drop files here')
  await drop(page, [
    { name: 'notes.md', text: '# Notes\n' },
    { name: 'plain.txt', text: 'just text\n' },
    {
      name: 'page.html',
      text: '<h1>Page</h1><img src=x onerror="alert(1)"><p>and text',
    },
    {
      name: 'rich.json',
      text: '[{"insert":"a delta\\n","attributes":{"header":1}}]',
    },
    { name: 'main.go', text: 'package main\n' },
    { name: 'broken.json', text: '[{"insert":""}]' },
    { name: 'program.exe', text: 'MZ' },
    { name: 'broken.zip', text: 'this is no zip' },
  ])
  const panel = page.getByTestId('import')
  await expect(panel).toContainText('5 files imported, 3 files failed')
  await info.attach('import', {
    body: await page.screenshot(),
    contentType: 'image/png',
  })
  const file = (name: string) => panel.getByRole('listitem').filter({ hasText: name })
  await expect(file('program.exe')).toContainText('This kind of file cannot be imported.')
  await expect(file('broken.zip')).toContainText('ZIP')
  await expect(file('broken.json')).toContainText(/insert/i)
  await expect(file('notes.md').getByRole('link')).toHaveText('notes')

  const rows = page.getByTestId('document')
  await expect(rows).toHaveCount(5)
  const row = (title: string) => rows.filter({ has: page.getByRole('link', { name: title }) })
  await expect(row('notes')).toContainText('Markdown')
  await expect(row('page')).toContainText('Rich text')
  await expect(row('rich')).toContainText('Rich text')
  await expect(row('main.go')).toContainText('Go')
  await panel.getByRole('button', { name: 'Close' }).click()
  await expect(panel).toHaveCount(0)
})

test('all documents go out in a ZIP and come in again by the button', async ({
  server,
  ada,
  bob,
}) => {
  await server.create({
    title: 'One',
    content: 'first\n',
    language: 'markdown',
  })
  await server.create({ title: 'Two', content: 'second\n', language: 'plain' })
  const { page } = ada
  await page.goto(server.url)
  await page.getByRole('button', { name: 'More', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Download all as ZIP' }).click()
  const zip = await readFile(await (await downloading).path())
  expect(zip.subarray(0, 2).toString()).toBe('PK')

  await bob.page.goto(server.url)
  const choosing = bob.page.waitForEvent('filechooser')
  await bob.page.getByRole('button', { name: 'Import files' }).click()
  await (await choosing).setFiles({ name: 'all.zip', mimeType: 'application/zip', buffer: zip })
  await expect(bob.page.getByTestId('import')).toContainText('2 documents')
  await expect(bob.page.getByTestId('document')).toHaveCount(4)
})

test('a document is duplicated and downloaded from its menu', async ({ server, ada }) => {
  await server.create({
    title: 'Süße Notes',
    content: '# Notes\n\ntext\n',
    language: 'markdown',
  })
  const { page } = ada
  await page.goto(server.url)
  const choose = async (name: string) => {
    await page.getByRole('button', { name: 'More for “Süße Notes”' }).click()
    await page.getByRole('menuitem', { name }).click()
  }
  const downloading = page.waitForEvent('download')
  await choose('Markdown')
  const file = await downloading
  expect(file.suggestedFilename()).toBe('Süße Notes.md')
  expect(await readFile(await file.path(), 'utf8')).toBe('# Notes\n\ntext\n')

  await choose('Duplicate')
  await expect(page.getByTestId('document')).toHaveCount(2)
  await page.getByTestId('toasts').getByRole('button', { name: 'Open' }).click()
  await expect(ada.text).toContainText('# Notes')
  await expect(page.getByLabel('Title')).toHaveValue('Süße Notes (copy)')
})
