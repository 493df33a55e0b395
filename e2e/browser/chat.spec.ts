import { expect, test } from './test.ts'

test('people talk beside the document, and it is stored', async ({ server, ada, bob }, info) => {
  const id = await server.create({
    title: 'Plan',
    content: 'x\n',
    language: 'plain',
  })
  await ada.open(id)
  await bob.open(id)
  await ada.page.getByRole('button', { name: 'Chat', exact: true }).click()
  const composer = ada.page.getByRole('textbox', { name: 'Message' })
  await composer.fill('Shall we begin?')
  await composer.press('Enter')
  await expect(ada.page.getByTestId('chat-line')).toContainText('Shall we begin?')

  // Unread at Bob's until he looks, and his name is called.
  await expect(bob.page.getByRole('button', { name: 'Chat, 1 unread message' })).toBeVisible()
  await composer.pressSequentially('@Bo')
  await expect(ada.page.getByRole('option', { name: 'Bob' })).toBeVisible()
  await composer.press('Enter')
  await expect(composer).toHaveValue('@Bob ')
  await composer.pressSequentially('are you there?')
  await composer.press('Enter')
  await expect(bob.page.getByText('Ada called you in the chat.')).toBeAttached()
  await bob.page.getByRole('button', { name: 'Chat, 2 unread messages' }).click()
  const lines = bob.page.getByTestId('chat-line')
  await expect(lines).toHaveCount(2)
  await expect(lines.nth(1).locator('mark')).toHaveText('@Bob')
  await bob.page.getByRole('textbox', { name: 'Message' }).fill('Yes: https://tutti.test/x')
  await bob.page.getByRole('button', { name: 'Send' }).click()
  await expect(ada.page.getByTestId('chat-line')).toHaveCount(3)
  await info.attach('chat', {
    body: await ada.page.screenshot(),
    contentType: 'image/png',
  })

  // It outlives the server, and what was seen stays seen.
  await server.end('SIGKILL')
  await server.start()
  await bob.page.reload()
  await bob.page.getByRole('button', { name: 'Chat', exact: true }).click()
  await expect(bob.page.getByTestId('chat-line')).toHaveCount(3)

  // One's own lines can be taken away, for everybody.
  await bob.page.getByRole('button', { name: /Delete the message “Yes/ }).click()
  await expect(ada.page.getByTestId('chat-line')).toHaveCount(2)
})

test('a line said offline is sent once the server is back', async ({ server, ada, bob }) => {
  const id = await server.create({ content: 'x\n', language: 'plain' })
  await ada.open(id)
  await bob.open(id)
  await ada.page.getByRole('button', { name: 'Chat', exact: true }).click()
  await bob.page.getByRole('button', { name: 'Chat', exact: true }).click()
  await expect(ada.page.getByText('Nothing has been said yet')).toBeVisible()
  await server.end('SIGKILL')
  await expect(ada.page.getByTestId('save-state')).toContainText(/Offline|Reconnecting/)
  const composer = ada.page.getByRole('textbox', { name: 'Message' })
  await composer.fill('first')
  await composer.press('Enter')
  await composer.fill('second')
  await composer.press('Enter')
  await expect(ada.page.getByText('sending…')).toHaveCount(2)
  await server.start()
  await expect(bob.page.getByTestId('chat-line')).toHaveText([/first/, /second/])
  await expect(ada.page.getByText('sending…')).toHaveCount(0)
  await expect(ada.page.getByTestId('chat-line')).toHaveCount(2)
})

test('a chat that could not be loaded is, once the server is back', async ({ server, ada }) => {
  const id = await server.create({ content: 'x\n', language: 'plain' })
  await ada.open(id)
  await ada.page.route(/\/chat(\?|$)/, (route) => route.abort(), { times: 1 })
  await ada.page.getByRole('button', { name: 'Chat', exact: true }).click()
  await expect(ada.page.getByText('The chat could not be loaded.')).toBeVisible()
  await server.end('SIGKILL')
  await expect(ada.page.getByTestId('save-state')).toContainText(/Offline|Reconnecting/)
  await server.start()
  await expect(ada.page.getByText('Nothing has been said yet')).toBeVisible()
})

test('the chat closes with Escape, and markup in it is text', async ({ server, ada }) => {
  const id = await server.create({ content: 'x\n', language: 'plain' })
  await ada.open(id)
  await ada.page.getByRole('button', { name: 'Chat', exact: true }).click()
  const composer = ada.page.getByRole('textbox', { name: 'Message' })
  await composer.fill('<img src=x onerror="document.title=1"> [x](javascript:1)')
  await composer.press('Enter')
  await expect(ada.page.getByTestId('chat-line')).toContainText('<img src=x')
  await expect(ada.page.getByTestId('chat').locator('img')).toHaveCount(0)
  await composer.press('Escape')
  await expect(ada.page.getByTestId('chat')).toHaveCount(0)
})
