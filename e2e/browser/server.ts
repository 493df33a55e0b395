import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const binary = process.env['TUTTI_BIN'] ?? resolve(import.meta.dirname, '../../bin/tutti')

/** The built server, on a data folder of its own. */
export class Server {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tutti-browser-'))
  #data = join(this.#folder, 'data')
  #process: ChildProcess | undefined
  #log = ''
  #said = ''
  #flags: string[] = []
  #headers: Record<string, string> = {}
  /** Where it is. It comes back there after a restart, since a page stays at its address. */
  url = ''

  /** Starts it, after the first time with the same flags. */
  async start(...flags: string[]): Promise<void> {
    if (flags.length > 0) this.#flags = flags
    const addr = this.url ? new URL(this.url).host : '127.0.0.1:0'
    const child = spawn(binary, ['--addr', addr, '--data', this.#data, ...this.#flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#process = child
    this.#said = ''
    child.stdout.on('data', (text: Buffer) => (this.#said += text.toString()))
    child.stderr.on('data', (text: Buffer) => (this.#log += text.toString()))
    this.url = await this.#says(/tutti is at (http:\/\/127\.0\.0\.1:\d+)\//)
  }

  /** The secret of the link that makes the first administrator, of a server that is new and has accounts. */
  administratorSecret(): Promise<string> {
    return this.#says(/#redeem=(\S+)\s/)
  }

  /** Waits for something on the standard output. */
  async #says(pattern: RegExp): Promise<string> {
    const child = this.#process
    for (;;) {
      const found = pattern.exec(this.#said)?.[1]
      if (found !== undefined) return found
      if (!child?.stdout || child.exitCode !== null) {
        throw new Error(`the server did not start:\n${this.#log}`)
      }
      await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    }
  }

  /** Becomes the first administrator, as whom all is created and read from then on. */
  async administer(login: string, password: string): Promise<void> {
    const secret = await this.administratorSecret()
    const response = await fetch(`${this.url}/api/v1/redeem`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ secret, login, password }),
    })
    if (response.status !== 200) throw new Error(`redeemed: ${response.status}`)
    this.#headers = { Cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
  }

  /** Ends the process: SIGTERM as an operator does, SIGKILL as a crash does. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (!child || child.exitCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }

  /** Takes a backup while it runs, and returns the file. */
  async backup(): Promise<string> {
    const file = join(this.#folder, 'backup.tar')
    await promisify(execFile)(binary, ['backup', '--url', this.url, file])
    return file
  }

  /** Another server of that backup takes its place, which has ended. */
  async restore(file: string): Promise<void> {
    this.#data = join(this.#folder, 'restored')
    await promisify(execFile)(binary, ['restore', '--data', this.#data, file])
    await this.start()
  }

  /** Something happens to its disk, while it is down: each of these words becomes another. */
  spoil(word: string, becomes: string): void {
    const file = join(this.#data, 'tutti.db')
    const bytes = readFileSync(file)
    for (let at = bytes.indexOf(word); at >= 0; at = bytes.indexOf(word, at)) {
      bytes.write(becomes, at)
    }
    writeFileSync(file, bytes)
  }

  async dispose(): Promise<void> {
    await this.end('SIGKILL')
    rmSync(this.#folder, { recursive: true })
  }

  /** What the server wrote about itself, for a test that failed. */
  get log(): string {
    return this.#log
  }

  /** Creates a document and returns its id. */
  async create(fields: {
    id?: string
    title?: string
    content?: string | object[]
    language?: string
    kind?: 'text' | 'rich'
    tags?: string[]
  }): Promise<string> {
    const response = await fetch(`${this.url}/api/v1/documents`, {
      method: 'POST',
      headers: { ...this.#headers, 'Content-Type': 'application/json' },
      body: JSON.stringify(fields),
    })
    if (response.status !== 201) throw new Error(`created: ${response.status}`)
    return ((await response.json()) as { id: string }).id
  }

  /** Adds a picture to a document and returns its address there. */
  async upload(id: string, picture: Buffer<ArrayBuffer>): Promise<string> {
    const response = await fetch(`${this.url}/api/v1/documents/${id}/files`, {
      method: 'POST',
      headers: { ...this.#headers, 'Content-Type': 'image/gif' },
      body: picture,
    })
    if (response.status !== 201) throw new Error(`uploaded: ${response.status}`)
    return ((await response.json()) as { url: string }).url
  }

  /** Gives a rich document a content, as a program does. */
  async write(id: string, delta: object[]): Promise<void> {
    const response = await fetch(`${this.url}/api/v1/documents/${id}/content`, {
      method: 'PUT',
      headers: { ...this.#headers, 'Content-Type': 'application/vnd.quill.delta+json' },
      body: JSON.stringify(delta),
    })
    if (response.status !== 200) throw new Error(`written: ${response.status}`)
  }

  async trash(id: string): Promise<void> {
    const response = await fetch(`${this.url}/api/v1/documents/${id}`, {
      method: 'DELETE',
      headers: this.#headers,
    })
    if (response.status !== 204) throw new Error(`trashed: ${response.status}`)
  }

  /** The text of a document, as it is on the server. */
  async content(id: string): Promise<string> {
    const response = await fetch(`${this.url}/api/v1/documents/${id}/content`, {
      headers: { ...this.#headers, Accept: 'text/plain' },
    })
    if (response.status !== 200) throw new Error(`content: ${response.status}`)
    return response.text()
  }

  /** The content of a rich document, as a delta. */
  async delta(id: string): Promise<{ insert: unknown; attributes?: Record<string, unknown> }[]> {
    const response = await fetch(`${this.url}/api/v1/documents/${id}/content`, {
      headers: { ...this.#headers, Accept: 'application/vnd.quill.delta+json' },
    })
    if (response.status !== 200) throw new Error(`content: ${response.status}`)
    return response.json() as Promise<{ insert: unknown }[]>
  }
}
