import { test as base } from '@playwright/test'
import { Person } from './person.ts'
import { Server } from './server.ts'

/** A test with a server of its own, and two people to use it. */
export const test = base.extend<{ server: Server; ada: Person; bob: Person }>({
  server: async ({}, use, info) => {
    const server = new Server()
    await server.start()
    await use(server)
    if (info.status !== info.expectedStatus) {
      await info.attach('server.log', { body: server.log, contentType: 'text/plain' })
    }
    await server.dispose()
  },
  ada: async ({ browser, server }, use) => {
    const ada = await Person.come(browser, server, 'Ada', '#c2255c')
    await use(ada)
    await ada.page.context().close()
  },
  bob: async ({ browser, server }, use) => {
    const bob = await Person.come(browser, server, 'Bob', '#1971c2')
    await use(bob)
    await bob.page.context().close()
  },
})

export { expect } from '@playwright/test'
export { expectAgreement } from './person.ts'
