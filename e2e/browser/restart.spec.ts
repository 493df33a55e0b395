import { expect, expectAgreement, test } from './test.ts'

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`a ${signal} in the middle costs nobody a letter`, async ({ server, ada, bob }) => {
    const id = await server.create({ content: 'Ada: \nBob: \n', language: 'plain' })
    await Promise.all([ada.open(id), bob.open(id)])
    await ada.press('ControlOrMeta+Home', 'End')
    await bob.press('ControlOrMeta+Home', 'ArrowDown', 'End')

    const words = (who: string) => Array.from({ length: 40 }, (_, i) => `${who}${i}`).join(' ')
    const typing = Promise.all([ada.type(words('a'), 30), bob.type(words('b'), 30)])
    // Twice while they type, and they notice nothing but the sign in the corner.
    for (const word of ['a8', 'a20']) {
      await expect(ada.text).toContainText(word)
      await server.end(signal)
      await server.start()
    }
    await typing

    const content = await expectAgreement(server, id, ada, bob)
    expect(content).toBe(`Ada: ${words('a')}\nBob: ${words('b')}\n`)
  })
}
