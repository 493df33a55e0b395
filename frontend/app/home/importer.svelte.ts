import { ApiError, type DocumentInfo } from '#client'
import { words } from '../words/index.svelte'
import { explain } from '../words/sentences'
import { FileError, importAny } from './importFile'

export interface Imported {
  readonly key: number
  readonly name: string
  readonly state: 'waiting' | 'running' | 'done' | 'failed'
  /** What became of it. */
  readonly documents: readonly DocumentInfo[]
  /** Why it failed. */
  readonly error?: unknown
}

/** Files that become documents, one after the other. It goes on while people look at other pages. */
class Importer {
  files = $state.raw<readonly Imported[]>([])
  done = $derived(this.files.filter(({ state }) => state === 'done').length)
  failed = $derived(this.files.filter(({ state }) => state === 'failed').length)
  busy = $derived(this.done + this.failed < this.files.length)

  #added = 0
  #last = Promise.resolve()

  add(files: readonly File[], folders: readonly string[] = []): void {
    for (const name of folders) this.#list(name, new FileError('folder'))
    for (const file of files) {
      const key = this.#list(file.name)
      this.#last = this.#last.then(() => this.#import(key, file))
    }
  }

  /** Forgets what is finished. */
  clear(): void {
    this.files = this.files.filter(({ state }) => state === 'waiting' || state === 'running')
  }

  #list(name: string, error?: unknown): number {
    const key = ++this.#added
    const state = error === undefined ? 'waiting' : 'failed'
    this.files = [...this.files, { key, name, state, documents: [], error }]
    return key
  }

  async #import(key: number, file: File): Promise<void> {
    this.#update(key, { state: 'running' })
    try {
      this.#update(key, { state: 'done', documents: await importAny(file) })
    } catch (error) {
      this.#update(key, { state: 'failed', error })
    }
  }

  #update(key: number, change: Partial<Imported>): void {
    this.files = this.files.map((file) => (file.key === key ? { ...file, ...change } : file))
  }
}

export const importer = new Importer()

/** Why a file could not be imported, in a sentence. Reactive. */
export function whyNotImported(error: unknown): string {
  const said = words().importing.errors
  if (error instanceof FileError) return said[error.reason]
  if (!(error instanceof ApiError)) return explain(error)
  switch (error.code) {
    case 'too_large':
    case 'document_too_large':
      return said.tooLarge
    case 'unsupported_media_type':
      return said.unknownKind
    case 'not_utf8':
      return said.notText
    case 'document_exists':
      return said.exists
    default:
      return explain(error)
  }
}
