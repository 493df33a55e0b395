import { expect, expectAgreement, test } from './test.ts'

test('two who type at one place get two clean runs, emoji and Chinese among them', async ({
  server,
  ada,
  bob,
}) => {
  const id = await server.create({ content: 'Before.\n\nAfter.\n', language: 'plain' })
  await Promise.all([ada.open(id), bob.open(id)])
  for (const person of [ada, bob]) await person.press('ControlOrMeta+Home', 'ArrowDown')

  const adas = 'Ada writes 你好，世界 and 👩‍👩‍👧 here'
  const bobs = 'Bob writes 再见 and 🇪🇺🎉 there'
  await Promise.all([ada.type(adas), bob.type(bobs)])

  const content = await expectAgreement(server, id, ada, bob)
  expect([`Before.\n${adas}${bobs}\nAfter.\n`, `Before.\n${bobs}${adas}\nAfter.\n`]).toContain(
    content,
  )
})

test('two who type, delete and break lines everywhere end at one text', async ({
  server,
  ada,
  bob,
}) => {
  const id = await server.create({ content: 'one\ntwo\nthree\nfour\nfive\n', language: 'markdown' })
  await Promise.all([ada.open(id), bob.open(id)])
  const adas = async () => {
    await ada.press('ControlOrMeta+Home')
    for (let i = 0; i < 12; i++) {
      await ada.type(`α${i} `, 5)
      await ada.press('ArrowDown', 'Enter', 'End', 'Backspace')
    }
  }
  const bobs = async () => {
    await bob.press('ControlOrMeta+End')
    for (let i = 0; i < 12; i++) {
      await bob.type(`😀${i}`, 5)
      await bob.press('ArrowUp', 'Home', 'Delete', 'Shift+ArrowRight', 'Backspace')
    }
  }
  await Promise.all([adas(), bobs()])
  await expectAgreement(server, id, ada, bob)
})

test('200 KB are pasted while the other types', async ({ server, ada, bob }) => {
  const id = await server.create({ content: 'top\n\nbottom\n', language: 'plain' })
  await Promise.all([ada.open(id), bob.open(id)])
  await ada.press('ControlOrMeta+Home', 'ArrowDown')
  await bob.press('ControlOrMeta+End')

  const large = Array.from(
    { length: 4000 },
    (_, i) => `${i}: a line of 50 letters with ü, 字 and 😀 in it`,
  ).join('\n')
  await Promise.all([ada.paste(large), bob.type('typed meanwhile', 10)])

  const content = await expectAgreement(server, id, ada, bob)
  expect(content).toBe(`top\n${large}\nbottom\ntyped meanwhile`)
})

test('undo takes back one’s own and nobody else’s', async ({ server, ada, bob }) => {
  const id = await server.create({ content: '', language: 'plain' })
  await Promise.all([ada.open(id), bob.open(id)])
  await ada.type('From Ada. ')
  await ada.saved()
  await expect(bob.text).toContainText('From Ada.')
  await bob.press('ControlOrMeta+End')
  await bob.type('From Bob.')
  await bob.saved()
  await expect(ada.text).toContainText('From Bob.')

  const undo = async (person: typeof ada, until: string) => {
    await expect(async () => {
      await person.press('ControlOrMeta+z')
      await person.saved()
      expect(await server.content(id)).toBe(until)
    }).toPass()
  }
  await undo(ada, 'From Bob.')
  await ada.press('ControlOrMeta+Shift+z')
  await expectAgreement(server, id, ada, bob)
  expect(await server.content(id)).toContain('From Ada.')
  await undo(bob, 'From Ada. ')
  await expectAgreement(server, id, ada, bob)
})
