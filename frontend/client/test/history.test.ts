import { afterEach, expect, it, vi } from 'vitest'
import {
  contentAt,
  createVersion,
  deleteVersion,
  getBlame,
  getDiff,
  getRecords,
  listRevisions,
  listVersions,
  revert,
  unifiedDiff,
} from '../rest/history'

const options = { url: 'https://tutti.test' }

/** Answers all requests alike, and says what was asked and in which media type. */
function serve(answer: () => Response) {
  const asked: string[] = []
  vi.stubGlobal('fetch', (url: string, { method = '', headers, body }: RequestInit) => {
    const path = url.replace('https://tutti.test/api/v1/documents', '')
    const accept = new Headers(headers).get('Accept') ?? ''
    asked.push([method, path, accept, typeof body === 'string' ? body : ''].join(' ').trim())
    return Promise.resolve(answer())
  })
  return asked
}

afterEach(() => vi.unstubAllGlobals())

it('asks for what its functions are named for', async () => {
  const asked = serve(() => Response.json({ items: [] }))
  await listRevisions('d', { limit: 5, cursor: 'a=b' }, options)
  await listVersions('d', {}, options)
  await createVersion('d', { name: 'N', rev: 3 }, options)
  await deleteVersion('d', 3, options)
  await revert('d', { user: 'u', from: 1, to: 2, dryRun: true }, options)
  await getBlame('d', { rev: 4 }, options)
  expect(await getDiff('d', 1, 2, options)).toEqual([])
  expect(await getRecords('d', { after: 7, limit: 10 }, options)).toEqual([])
  const json = 'application/json'
  expect(asked).toEqual([
    `GET /d/revisions?limit=5&cursor=a%3Db ${json}`,
    `GET /d/versions ${json}`,
    `POST /d/versions ${json} {"name":"N","rev":3}`,
    `DELETE /d/versions/3 ${json}`,
    `POST /d/revert ${json} {"user":"u","from":1,"to":2,"dryRun":true}`,
    `GET /d/blame?rev=4 ${json}`,
    `GET /d/diff?from=1&to=2 ${json}`,
    `GET /d/records?after=7&limit=10 ${json}`,
  ])
})

it('reads contents and differences in their own media types', async () => {
  const asked = serve(() => new Response('[{"insert":"x"}]'))
  expect((await contentAt('d', 0, options)).ops).toEqual([{ insert: 'x' }])
  expect(await unifiedDiff('d', 1, 2, options)).toBe('[{"insert":"x"}]')
  expect(asked).toEqual([
    'GET /d/content?rev=0 application/vnd.quill.delta+json',
    'GET /d/diff?from=1&to=2 text/x-diff',
  ])
})
