import type { CDPSession } from '@playwright/test'
import { expect, expectAgreement, test } from './test.ts'

const compose = (input: CDPSession, text: string) =>
  input.send('Input.imeSetComposition', {
    text,
    selectionStart: text.length,
    selectionEnd: text.length,
  })

for (const language of ['plain', 'markdown']) {
  test(`what an input method composes in ${language} text is right, whatever others write`, async ({
    server,
    ada,
    bob,
  }) => {
    const id = await server.create({ content: 'one two\n', language })
    await Promise.all([ada.open(id), bob.open(id)])
    const input = await ada.page.context().newCDPSession(ada.page)
    await ada.press('ControlOrMeta+Home', 'End')
    await bob.press('ControlOrMeta+Home')

    for (const text of ['n', 'ni', 'ni h', 'ni ha', 'ni hao']) {
      await compose(input, text)
      // Before it in the same line, and while it goes on.
      await bob.type('b')
    }
    await bob.saved()
    await expect(ada.text).toContainText('one twoni hao')
    await input.send('Input.insertText', { text: '你好' })
    // Without the start of the line, in which the name of the other stands.
    await expect(ada.text).toContainText('one two你好')
    await expect(bob.text).toContainText('bbbbbone two你好')

    // One that is given up leaves nothing behind.
    await compose(input, 'x')
    await bob.type('c')
    await compose(input, '')
    await ada.type('!')
    expect(await expectAgreement(server, id, ada, bob)).toBe('bbbbbcone two你好!\n')
  })
}
