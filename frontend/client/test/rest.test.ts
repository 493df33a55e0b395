import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  auditEventsUrl,
  changeMember,
  disconnect,
  getStats,
  invite,
  listAudit,
  listConnections,
  listInventory,
  listInvitations,
  notify,
  removeMember,
  resetMember,
  withdrawInvitation,
} from '../rest/administration'
import { ApiError } from '../rest/call'
import {
  createDocument,
  deleteDocument,
  duplicateDocument,
  emptyTrash,
  getDocument,
  listDocuments,
  listTags,
  patchDocument,
  restoreDocument,
} from '../rest/documents'
import {
  exportDocument,
  exportDocuments,
  fileName,
  importArchive,
  importFile,
  importZip,
} from '../rest/transfer'

const options = { url: 'https://tutti.test/base/', token: 'secret' }

/** Answers all requests alike, and says what was asked. */
function serve(answer: () => Response | Promise<Response>) {
  const asked: { line: string; headers: Headers; body: unknown }[] = []
  vi.stubGlobal('fetch', (url: string, { method = '', headers, body }: RequestInit) => {
    asked.push({
      line: `${method} ${url}`,
      headers: new Headers(headers),
      body: typeof body === 'string' ? JSON.parse(body) : undefined,
    })
    return Promise.resolve(answer())
  })
  return asked
}

afterEach(() => vi.unstubAllGlobals())

describe('administration', () => {
  it('asks for what its functions are named for', async () => {
    const asked = serve(() => Response.json({ items: [] }))
    await changeMember('person:x', { administrator: true }, options)
    await removeMember('person:x', options)
    await removeMember('person:x', { heir: 'person:y', ...options })
    await resetMember('person:x', options)
    await invite({ administrator: true }, options)
    await listInvitations(options)
    await withdrawInvitation('i', options)
    await listAudit({ person: 'person:x', action: '' }, options)
    await listConnections(options)
    await disconnect('s', options)
    await notify('a', { session: 's', ...options })
    await notify('b', { document: 'd', ...options })
    await notify('c', options)
    await listInventory({ q: 'ä', trashed: false }, options)
    await getStats(options)
    const base = 'https://tutti.test/base/api/v1'
    expect(asked.map(({ line }) => line.replace(base, ''))).toEqual([
      'PATCH /people/person%3Ax',
      'DELETE /people/person%3Ax',
      'DELETE /people/person%3Ax?heir=person%3Ay',
      'POST /people/person%3Ax/reset',
      'POST /invitations',
      'GET /invitations',
      'DELETE /invitations/i',
      'GET /audit?person=person%3Ax',
      'GET /sessions',
      'DELETE /sessions/s',
      'POST /sessions/s/notice',
      'POST /documents/d/notice',
      'POST /notice',
      'GET /inventory?q=%C3%A4&trashed=false',
      'GET /stats',
    ])
    expect(auditEventsUrl(7, options)).toBe(`${base}/audit/events?after=7`)
  })
})

describe('REST', () => {
  it('asks for what its functions are named for', async () => {
    const asked = serve(() => Response.json({ id: 'a b' }))
    await listDocuments({ q: 'ä&b', trashed: true }, options)
    await createDocument({ title: 'T' }, options)
    await getDocument('a b', options)
    await patchDocument('x', { title: 'U' }, options)
    await deleteDocument('x', { permanent: true, ...options })
    await restoreDocument('x', options)
    const base = 'https://tutti.test/base/api/v1/documents'
    expect(asked.map(({ line }) => line)).toEqual([
      `GET ${base}?q=%C3%A4%26b&trashed=true`,
      `POST ${base}`,
      `GET ${base}/a%20b`,
      `PATCH ${base}/x`,
      `DELETE ${base}/x?permanent=true`,
      `POST ${base}/x/restore`,
    ])
    expect(asked.map(({ body }) => body)).toEqual([
      undefined,
      { title: 'T' },
      undefined,
      { title: 'U' },
      undefined,
      undefined,
    ])
    expect(asked[0]?.headers.get('Authorization')).toBe('Bearer secret')
    expect(asked[1]?.headers.get('Content-Type')).toBe('application/json')
    expect(asked[3]?.headers.get('Content-Type')).toBe('application/merge-patch+json')
  })

  it('asks for tags as often as there are some', async () => {
    const asked = serve(() => Response.json({ items: [{ tag: 'a', documents: 2 }] }))
    await listDocuments({ tags: ['a', 'b&c'], kind: 'rich' }, options)
    expect(await listTags(options)).toEqual([{ tag: 'a', documents: 2 }])
    await duplicateDocument('x', { tags: [] }, options)
    await emptyTrash(options)
    const base = 'https://tutti.test/base/api/v1'
    expect(asked.map(({ line }) => line)).toEqual([
      `GET ${base}/documents?kind=rich&tag=a&tag=b%26c`,
      `GET ${base}/tags`,
      `POST ${base}/documents/x/duplicate`,
      `DELETE ${base}/trash`,
    ])
  })

  it('sends files as they are, and takes them with their names', async () => {
    const headers = {
      'Content-Disposition': `attachment; filename="a_.md"; filename*=UTF-8''%C3%A4.md`,
    }
    const asked = serve(() => new Response('{"items":[]}', { headers }))
    const { name, blob } = await exportDocument('x', 'md', options)
    expect(name).toBe('ä.md')
    expect(await blob.text()).toBe('{"items":[]}')
    await exportDocument('x', 'archive', options)
    await exportDocuments({ format: 'md' }, options)
    await importFile(new File(['# a'], 'a.md'), options)
    await importArchive(new Blob(['{}']), options)
    expect(await importZip(new Blob(['PK']), options)).toEqual([])
    const base = 'https://tutti.test/base/api/v1'
    expect(asked.map(({ line }) => line)).toEqual([
      `GET ${base}/documents/x/export?format=md`,
      `GET ${base}/documents/x/archive`,
      `POST ${base}/export`,
      `POST ${base}/documents/import`,
      `POST ${base}/documents/archive`,
      `POST ${base}/import`,
    ])
    expect(asked[2]?.body).toEqual({ format: 'md' })
    expect(asked[5]?.headers.get('Content-Type')).toBe('application/zip')
  })

  it('has a name for a download that the server gave none', () => {
    expect(fileName('attachment; filename="notes.txt"')).toBe('notes.txt')
    expect(fileName('')).toBe('document')
  })

  it('answers nothing where the server does', async () => {
    serve(() => new Response(null, { status: 204 }))
    await expect(deleteDocument('x', options)).resolves.toBeUndefined()
  })

  it.each([
    [
      'a problem',
      () => Response.json({ code: 'document_deleted', detail: 'Gone.' }, { status: 410 }),
      { status: 410, code: 'document_deleted', message: 'Gone.' },
    ],
    [
      'the page of a proxy',
      () => new Response('<html>', { status: 502, statusText: 'Bad Gateway' }),
      { status: 502, code: 'unknown', message: 'Bad Gateway' },
    ],
    [
      'nobody there',
      () => Promise.reject(new TypeError('failed to fetch')),
      { status: 0, code: 'unreachable' },
    ],
  ])('fails with an ApiError: %s', async (_, answer, expected) => {
    serve(answer)
    const error: unknown = await getDocument('x', options).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject(expected)
  })

  it('leaves an abort what it is', async () => {
    const signal = AbortSignal.abort()
    serve(() => Promise.reject(new DOMException('aborted', 'AbortError')))
    await expect(getDocument('x', { ...options, signal })).rejects.toThrow(DOMException)
  })
})
