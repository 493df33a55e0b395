/** Files of other programs, and documents as files. */
import type { DocumentInfo } from './documents'
import { apiUrl, pathOf, send, type CallOptions, type Page } from './call'

/** What a document can be written as; an archive holds its whole history. */
export type ExportFormat = 'txt' | 'md' | 'html' | 'delta' | 'archive'

/** A file to be kept, and the name that the server gave it. */
export interface Download {
  readonly name: string
  readonly blob: Blob
}

/** The address of a document as a file. */
export function exportUrl(id: string, format: ExportFormat, { url }: CallOptions = {}): string {
  return apiUrl(url, exportPath(id, format))
}

/** Reads a document as a file. */
export async function exportDocument(
  id: string,
  format: ExportFormat,
  options?: CallOptions,
): Promise<Download> {
  return downloadOf(await send('GET', exportPath(id, format), {}, undefined, options))
}

function exportPath(id: string, format: ExportFormat): string {
  return pathOf(id) + (format === 'archive' ? '/archive' : `/export?format=${format}`)
}

/** Reads all documents but those in the trash, or those with these ids, as a ZIP. */
export async function exportDocuments(
  selection: { format?: ExportFormat; ids?: readonly string[]; tags?: readonly string[] } = {},
  options?: CallOptions,
): Promise<Download> {
  const json = { 'Content-Type': 'application/json' }
  return downloadOf(await send('POST', '/export', json, JSON.stringify(selection), options))
}

/** Creates a document of a text, Markdown or HTML file or a delta; its name becomes the title. */
export async function importFile(file: File, options?: CallOptions): Promise<DocumentInfo> {
  const form = new FormData()
  form.set('file', file)
  const headers = { Accept: 'application/json' }
  const response = await send('POST', '/documents/import', headers, form, options)
  return (await response.json()) as DocumentInfo
}

/** Creates a document of an archive, with its whole history, under the id that it had. */
export async function importArchive(archive: Blob, options?: CallOptions): Promise<DocumentInfo> {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/x-ndjson' }
  const response = await send('POST', '/documents/archive', headers, archive, options)
  return (await response.json()) as DocumentInfo
}

/** Creates a document of each file in a ZIP: of all of them, or of none. */
export async function importZip(
  zip: Blob,
  options?: CallOptions,
): Promise<readonly { readonly name: string; readonly document: DocumentInfo }[]> {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/zip' }
  const response = await send('POST', '/import', headers, zip, options)
  return ((await response.json()) as Page<{ name: string; document: DocumentInfo }>).items
}

async function downloadOf(response: Response): Promise<Download> {
  const name = fileName(response.headers.get('Content-Disposition') ?? '')
  return { name, blob: await response.blob() }
}

/** The name in a Content-Disposition; the extended form (RFC 8187) holds what ASCII cannot. */
export function fileName(disposition: string): string {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1]
  if (extended !== undefined) return decodeURIComponent(extended)
  return /filename="?([^";]+)"?/i.exec(disposition)?.[1] ?? 'document'
}
