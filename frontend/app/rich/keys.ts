/** Keys as CodeMirror writes them, for Quill and for people to read. */
import type Quill from 'quill/core'

const isMac = /Mac|iP(hone|ad|od)/.test(navigator.userAgent)

/** As `aria-keyshortcuts` wants them. */
export function ariaKeys(keys: string): string {
  return keys.replace('Mod', isMac ? 'Meta' : 'Control').replaceAll('-', '+')
}

/**
 * Has Quill run something for keys. Letters are told by the key's place, since
 * what it writes changes with Shift and Alt.
 */
export function bindKeys(quill: Quill, keys: string, run: () => void): void {
  const parts = keys.split('-')
  const key = (parts.at(-1) ?? '').toLowerCase()
  const isWanted = (event: KeyboardEvent) =>
    event.key.toLowerCase() === key || event.code === `Digit${key}`
  quill.root.addEventListener(
    'keydown',
    (event) => {
      const mod = isMac ? event.metaKey : event.ctrlKey
      const other = isMac ? event.ctrlKey : event.metaKey
      if (event.isComposing || !isWanted(event) || mod !== parts.includes('Mod') || other) return
      if (event.shiftKey !== parts.includes('Shift') || event.altKey !== parts.includes('Alt'))
        return
      event.preventDefault()
      run()
    },
    // Before Quill's own.
    { capture: true },
  )
}
