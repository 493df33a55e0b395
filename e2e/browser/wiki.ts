import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const frontend = resolve(import.meta.dirname, '../../frontend')

type SignToken = (
  person: { id: string; name: string },
  documents: Record<string, string>,
  seconds?: number,
) => string

/**
 * Another product, at a name of its own, whose people need no account at tutti:
 * it is made of the code that the client's README tells its makers to write.
 */
export class Wiki {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tutti-wiki-'))
  readonly #server = createServer((request, response) => {
    const page = this.pages.get(request.url ?? '')
    const isToken = request.url === '/tutti-token'
    response.setHeader('Content-Type', isToken ? 'text/plain' : 'text/html')
    if (isToken) response.end(this.token())
    else if (page !== undefined) response.end(`<!doctype html><title>A wiki</title>${page}`)
    else response.writeHead(404).end()
  })
  readonly pages = new Map<string, string>()
  /** What its people are let in by. */
  token: () => string = () => ''
  #sign: SignToken | undefined

  /** Starts it, and returns the flags that let its people in to tutti. */
  async start(): Promise<string[]> {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const keys = join(this.#folder, 'wiki.pem')
    writeFileSync(keys, publicKey.export({ type: 'spki', format: 'pem' }))
    process.env['TUTTI_KEY'] = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const signing = join(this.#folder, 'token.mjs')
    writeFileSync(signing, readme('js', 'createPrivateKey'))
    this.#sign = ((await import(signing)) as { token: SignToken }).token
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return [
      '--accounts',
      ...['--host-keys', keys, '--host-audience', 'tutti'],
      ...['--embed-from', this.origin],
    ]
  }

  get origin(): string {
    return `http://wiki.test:${(this.#server.address() as AddressInfo).port}`
  }

  sign(...given: Parameters<SignToken>): string {
    if (!this.#sign) throw new Error('not started')
    return this.#sign(...given)
  }

  close(): void {
    this.#server.close()
    rmSync(this.#folder, { recursive: true })
  }
}

/** The page with a frame that the README shows, for a document of a server. */
export function framePage(server: string, id: string): string {
  return at(server, id, readme('html', '<iframe')).replace(
    '<iframe',
    '<h1>A wiki</h1><iframe width="1000" height="520"',
  )
}

/** The page with an editor of its own that the README shows. */
export async function libraryPage(server: string, id: string): Promise<string> {
  const { rolldown } = (await import(
    pathToFileURL(createRequire(join(frontend, 'package.json')).resolve('rolldown')).href
  )) as { rolldown: (options: object) => Promise<Bundle> }
  const code = at(server, id, readme('js', 'TuttiDocument'))
  const bundle = await rolldown({
    input: 'page',
    plugins: [
      {
        name: 'readme',
        resolveId: (source: string) =>
          source === 'page'
            ? join(frontend, 'client/page.js')
            : source.startsWith('tutti-client')
              ? join(frontend, 'client', source.slice('tutti-client/'.length) || 'index') + '.ts'
              : null,
        load: (id: string) => (id.endsWith('client/page.js') ? code : null),
      },
    ],
  })
  const { output } = await bundle.generate({ format: 'iife' })
  return `<textarea aria-label="Text" rows="20" cols="80"></textarea><script>${output[0].code}</script>`
}

interface Bundle {
  generate(options: object): Promise<{ output: [{ code: string }] }>
}

/** An example of the client's README: the one in a language that has a word in it. */
function readme(language: string, word: string): string {
  const text = readFileSync(join(frontend, 'client/README.md'), 'utf8')
  const section = text.split('\n## ').find((part) => part.startsWith('In a page of another site'))
  const examples = [...(section ?? '').matchAll(/```(\w+)\n([^]*?)```\n/g)]
  const found = examples.find(([, is, code]) => is === language && code?.includes(word))?.[2]
  if (found === undefined) throw new Error(`the README has no example of ${word}`)
  return found
}

function at(server: string, id: string, code: string): string {
  return code.replaceAll('https://tutti.example.org', server).replaceAll('/d/notes', `/d/${id}`)
}
