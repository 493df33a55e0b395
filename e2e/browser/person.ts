import { expect, type Browser, type Locator, type Page } from '@playwright/test'
import type { Server } from './server.ts'

/** Somebody at a browser of their own. */
export class Person {
  readonly page: Page
  readonly text: Locator
  readonly saveState: Locator
  readonly #server: Server

  private constructor(page: Page, server: Server) {
    this.page = page
    this.#server = server
    this.text = page.getByRole('textbox', { name: 'Document text' })
    this.saveState = page.getByTestId('save-state')
  }

  static async come(
    browser: Browser,
    server: Server,
    name: string,
    color: string,
  ): Promise<Person> {
    const context = await browser.newContext({
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await context.addInitScript(
      (identity) => localStorage.setItem('tutti.identity', identity),
      JSON.stringify({ name, color }),
    )
    return new Person(await context.newPage(), server)
  }

  /** The same person, in another tab. */
  static at(page: Page, server: Server): Person {
    return new Person(page, server)
  }

  /** Opens a document and puts the caret into its text. */
  async open(id: string): Promise<void> {
    await this.page.goto(`${this.#server.url}/d/${id}`)
    await expect(this.text).toBeEditable()
    await this.text.focus()
  }

  /** Types as fast as fingers do; other signs than those on the keys come as an input method sends them. */
  async type(text: string, delay = 20): Promise<void> {
    await this.text.pressSequentially(text, { delay })
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.text.press(key)
  }

  async paste(text: string): Promise<void> {
    await this.page.evaluate((text) => navigator.clipboard.writeText(text), text)
    await this.text.press('ControlOrMeta+v')
  }

  /** All the text in the editor: what is out of sight is not in the page, so it is copied out. */
  async allText(): Promise<string> {
    await this.page.evaluate(() => navigator.clipboard.writeText(''))
    await this.press('ControlOrMeta+a', 'ControlOrMeta+c')
    return this.page.evaluate(() => navigator.clipboard.readText())
  }

  async saved(): Promise<void> {
    await expect(this.saveState).toHaveText('Saved')
  }
}

/** Waits until all is saved, and asserts that everybody has what the server has. */
export async function expectAgreement(
  server: Server,
  id: string,
  ...people: Person[]
): Promise<string> {
  for (const person of people) await person.saved()
  const content = await server.content(id)
  for (const person of people) {
    await expect.poll(() => person.allText()).toBe(content)
  }
  return content
}
