import type { Environment } from './environment'

const quietFor = 5_000
/** A check that fails again after the content was fetched says more about the check. */
const mostDivergences = 3

/** Now and then compares what we have with what the server has, by a hash. */
export class Check {
  readonly #environment: Environment
  readonly #text: () => { rev: number; text: string } | null
  readonly #send: (rev: number, hash: string) => void
  #timer: unknown
  #checkedRev = -1
  #divergences = 0

  /** `text` answers null while there is nothing to compare, such as when edits are pending. */
  constructor(
    text: () => { rev: number; text: string } | null,
    send: (rev: number, hash: string) => void,
    environment: Environment,
  ) {
    this.#text = text
    this.#send = send
    this.#environment = environment
  }

  /** To be called on every change: the check follows when it has been quiet for a while. */
  changed(): void {
    this.stop()
    this.#timer = this.#environment.setTimeout(() => void this.#run(), quietFor)
  }

  diverged(): void {
    this.#divergences++
  }

  stop(): void {
    this.#environment.clearTimeout(this.#timer)
  }

  async #run(): Promise<void> {
    // Pages that are not served securely have no `crypto.subtle`.
    const subtle = globalThis.crypto.subtle as SubtleCrypto | undefined
    const before = this.#text()
    if (!subtle || !before || before.rev === this.#checkedRev) return
    if (this.#divergences >= mostDivergences) return
    const digest = await subtle.digest('SHA-256', new TextEncoder().encode(before.text))
    if (this.#text()?.rev !== before.rev) return
    this.#checkedRev = before.rev
    this.#send(before.rev, hex(digest))
  }
}

function hex(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
