import { afterEach, expect, test, vi } from 'vitest'
import { importAny, isDelta } from './importFile'

/** Where files were sent, and what of them. */
function serve() {
  const asked: [path: string, body: unknown][] = []
  vi.stubGlobal('location', { origin: 'http://x' })
  vi.stubGlobal('fetch', (url: string, { body }: RequestInit) => {
    asked.push([new URL(url).pathname, typeof body === 'string' ? JSON.parse(body) : undefined])
    return Promise.resolve(Response.json({ items: [{ name: 'a.md', document: { id: 'z' } }] }))
  })
  return asked
}

afterEach(() => vi.unstubAllGlobals())

test('a file goes where its name says', async () => {
  const asked = serve()
  expect(await importAny(new File(['PK'], 'all.ZIP'))).toEqual([{ id: 'z' }])
  await importAny(new File(['{}'], 'a.tutti'))
  await importAny(new File(['# a'], 'a.b.md'))
  await importAny(new File(['[{"insert":"a\\n"}]'], 'rich.json'))
  await importAny(new File(['{"a":1}\r\n'], 'package.json'))
  await importAny(new File(['x = 1\r'], 'a.py'))
  expect(asked).toEqual([
    ['/api/v1/import', undefined],
    ['/api/v1/documents/archive', undefined],
    ['/api/v1/documents/import', undefined],
    ['/api/v1/documents/import', undefined],
    [
      '/api/v1/documents',
      { title: 'package.json', kind: 'text', language: 'json', content: '{"a":1}\n' },
    ],
    ['/api/v1/documents', { title: 'a.py', kind: 'text', language: 'python', content: 'x = 1\n' }],
  ])
})

test('what cannot be imported is not sent', async () => {
  const asked = serve()
  await expect(importAny(new File([''], 'a.exe'))).rejects.toMatchObject({ reason: 'unknownKind' })
  await expect(importAny(new File([''], 'README'))).rejects.toMatchObject({ reason: 'unknownKind' })
  const latin1 = new File([new Uint8Array([0xe4])], 'a.go')
  await expect(importAny(latin1)).rejects.toMatchObject({ reason: 'notText' })
  expect(asked).toEqual([])
})

test('a delta is told from other JSON', () => {
  expect(isDelta('[{"insert":"a"}]')).toBe(true)
  expect(isDelta('{"ops":[{"insert":"a"}]}')).toBe(true)
  expect(isDelta('[1,2]')).toBe(false)
  expect(isDelta('{"ops":3}')).toBe(false)
  expect(isDelta('null')).toBe(false)
  expect(isDelta('{')).toBe(false)
})
