import { largestFile, pictureTypes, uploadFile } from '#client'
import Delta from 'quill-delta'
import type Quill from 'quill/core'
import { toast } from '../ui/toasts.svelte'
import { words } from '../words/index.svelte'
import { explain } from '../words/sentences'
import { Mark } from './mark'

export interface Uploading {
  readonly name: string
  /** From 0 to 1. */
  readonly share: number
  readonly stop: () => void
}

/** Pictures on their way to the server, and then into the text where they were put. */
export class Uploads {
  /** Those under way or in the queue. Reactive. */
  current = $state.raw<readonly Uploading[]>([])
  readonly #id: string
  readonly #quill: Quill
  readonly #all = new AbortController()
  #queue: Promise<unknown> = Promise.resolve()

  constructor(id: string, quill: Quill) {
    this.#id = id
    this.#quill = quill
  }

  /** Adds a picture at an index, or says why that cannot be. */
  add(file: Blob, name: string, index: number): void {
    const said = words().rich
    if (!pictureTypes.includes(file.type)) {
      this.#fail(name, said.wrongType)
    } else if (file.size > largestFile) {
      this.#fail(name, said.tooLarge(largestFile / 1024 / 1024))
    } else {
      // One after the other, so that several stand in the order in which they were given.
      const mark = new Mark(this.#quill, index)
      const stop = new AbortController()
      const item = { name, share: 0, stop: () => stop.abort() }
      this.current = [...this.current, item]
      const signal = AbortSignal.any([this.#all.signal, stop.signal])
      this.#queue = this.#queue.then(() => this.#upload(file, item, mark, signal))
    }
  }

  /** Stops them all. */
  destroy(): void {
    this.#all.abort()
  }

  async #upload(file: Blob, item: Uploading, mark: Mark, signal: AbortSignal): Promise<void> {
    let shown = item
    const show = (next: Uploading[]) => {
      this.current = this.current.flatMap((other) => (other === shown ? next : [other]))
    }
    const onProgress = (share: number) => {
      const next = { ...item, share }
      show([next])
      shown = next
    }
    try {
      const { url } = await uploadFile(this.#id, file, { signal, onProgress })
      this.#insert(url, item.name, mark)
    } catch (error) {
      if (!signal.aborted) this.#fail(item.name, explain(error))
    } finally {
      mark.release()
      show([])
    }
  }

  #insert(image: string, name: string, { index }: Mark): void {
    if (!this.#quill.isEnabled()) {
      this.#fail(name, words().rich.readOnlyNow)
      return
    }
    const selection = this.#quill.getSelection()
    this.#quill.history.cutoff()
    this.#quill.updateContents(new Delta().retain(index).insert({ image }), 'user')
    this.#quill.history.cutoff()
    if (selection?.index === index) this.#quill.setSelection(index + 1, 0, 'user')
  }

  #fail(name: string, why: string): void {
    toast({ text: words().rich.notUploaded(name, why), stays: true })
  }
}
