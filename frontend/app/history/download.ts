import { contentAs, type DocumentInfo } from '#client'
import { titleOf } from '../words/sentences'

/** What a version can be downloaded as. */
export const formats = {
  text: { media: 'text/plain', extension: 'txt' },
  markdown: { media: 'text/markdown', extension: 'md' },
  html: { media: 'text/html', extension: 'html' },
} as const

type Titled = Pick<DocumentInfo, 'id' | 'title'>

/** Downloads a document as it was at a revision. */
export async function downloadVersion(
  document: Titled,
  rev: number,
  format: keyof typeof formats,
): Promise<void> {
  const { media, extension } = formats[format]
  const content = await contentAs(document.id, media, rev)
  const name = `${titleOf(document)} (${rev}).${extension}`
  saveAs(format === 'html' ? page(titleOf(document), content) : content, name, media)
}

/** Has the browser save a text as a file. */
export function saveAs(text: string, name: string, mediaType: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${mediaType};charset=utf-8` }))
  const link = document.createElement('a')
  link.href = url
  // No system allows these in the name of a file.
  link.download = name.replace(/[/\\:*?"<>|\p{Cc}]/gu, '-')
  link.click()
  // Some browsers have not begun to read it when the click returns.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

function page(title: string, content: string): string {
  const holder = document.createElement('title')
  holder.textContent = title
  return `<!doctype html>\n<meta charset="utf-8">\n${holder.outerHTML}\n${content}`
}
