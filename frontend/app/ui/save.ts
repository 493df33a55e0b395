import type { Download } from '#client'

/** Gives a file to the browser, to be kept where downloads go. */
export function saveFile({ name, blob }: Download): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser reads it after the click has returned; a minute is long enough to begin.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
