import {
  expect,
  test as base,
  type Browser,
  type BrowserContext,
  type Page,
} from '@playwright/test'
import { Server } from './server.ts'

/** Somebody with an account, or without, at a browser of their own. */
export class Member {
  readonly page: Page
  readonly name: string
  /** "" for somebody without an account. */
  id = ''
  readonly #context: BrowserContext
  readonly #server: Server

  private constructor(server: Server, context: BrowserContext, page: Page, name: string) {
    this.#server = server
    this.#context = context
    this.page = page
    this.name = name
  }

  /** Comes to the server without an account; `name` as the browser remembers it, if it does. */
  static async come(
    browser: Browser,
    server: Server,
    name = '',
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<Member> {
    const context = await browser.newContext({
      permissions: ['clipboard-read', 'clipboard-write'],
      ...options,
    })
    if (name) {
      await context.addInitScript(
        (identity) => localStorage.setItem('tutti.identity', identity),
        JSON.stringify({ name, color: '#1971c2' }),
      )
    }
    return new Member(server, context, await context.newPage(), name)
  }

  /** Makes an account by the secret of an invitation, which logs in. */
  async redeem(secret: string): Promise<this> {
    const fields = { secret, login: this.name.toLowerCase(), name: this.name, password }
    this.id = ((await this.call('POST', '/redeem', fields)) as { id: string }).id
    return this
  }

  /** Calls the REST interface with the cookies of this browser. */
  async call(method: string, path: string, data?: object): Promise<unknown> {
    const response = await this.#context.request.fetch(`${this.#server.url}/api/v1${path}`, {
      method,
      ...(data && { data }),
      headers: { Origin: this.#server.url },
    })
    expect(response.ok(), `${method} ${path}: ${response.status()}`).toBe(true)
    return response.status() === 204 ? undefined : response.json()
  }

  /** Makes a document of one's own and returns its id. */
  async create(fields: object): Promise<string> {
    return ((await this.call('POST', '/documents', fields)) as { id: string }).id
  }

  /** Gives somebody a role in a document. */
  async grant(document: string, subject: string, role: string): Promise<void> {
    await this.call('PUT', `/documents/${document}/access/${subject}`, { role })
  }

  /** Makes a link and returns its address. */
  async link(document: string, fields: object): Promise<string> {
    return ((await this.call('POST', `/documents/${document}/links`, fields)) as { url: string })
      .url
  }

  async open(document: string): Promise<void> {
    await this.page.goto(`${this.#server.url}/d/${document}`)
  }

  async leave(): Promise<void> {
    await this.#context.close()
  }
}

export const password = 'a password of eight letters'

interface House {
  server: Server
  /** An administrator. */
  ada: Member
  /** Somebody with an account. */
  bob: Member
  /** Makes another account. */
  invite: (name: string) => Promise<Member>
}

/** A test with a server that has accounts, and two people who have one. */
export const test = base.extend<House>({
  server: async ({}, use, info) => {
    const server = new Server()
    await server.start('--accounts')
    await use(server)
    if (info.status !== info.expectedStatus) {
      await info.attach('server.log', { body: server.log, contentType: 'text/plain' })
    }
    await server.dispose()
  },
  ada: async ({ browser, server }, use) => {
    const ada = await Member.come(browser, server, 'Ada')
    await use(await ada.redeem(await server.administratorSecret()))
    await ada.leave()
  },
  invite: async ({ browser, server, ada }, use) => {
    const invited: Member[] = []
    await use(async (name) => {
      const { secret } = (await ada.call('POST', '/invitations')) as { secret: string }
      const member = await (await Member.come(browser, server, name)).redeem(secret)
      invited.push(member)
      return member
    })
    for (const member of invited) await member.leave()
  },
  bob: async ({ invite }, use) => use(await invite('Bob')),
})

export { expect } from '@playwright/test'
