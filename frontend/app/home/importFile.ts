import { createDocument, importArchive, importFile, importZip, type DocumentInfo } from '#client'
import { findLanguage } from '../languages'

/** What a file chooser offers; code of other languages can be dropped as well. */
export const accepted = '.txt,.text,.md,.markdown,.html,.htm,.json,.zip,.tutti'

/** Why a file was not even sent. */
export class FileError extends Error {
  readonly reason: 'folder' | 'unknownKind' | 'notText' | 'unreadable'

  constructor(reason: FileError['reason'], options?: ErrorOptions) {
    super(reason, options)
    this.name = 'FileError'
    this.reason = reason
  }
}

/** Creates the documents that a file holds; what it is, its name says. */
export async function importAny(file: File): Promise<readonly DocumentInfo[]> {
  const extension = /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase() ?? ''
  switch (extension) {
    case 'zip':
      return (await importZip(file)).map(({ document }) => document)
    case 'tutti':
      return [await importArchive(file)]
    case 'txt':
    case 'text':
    case 'md':
    case 'markdown':
    case 'html':
    case 'htm':
      return [await importFile(file)]
    case 'json':
      return [isDelta(await textOf(file)) ? await importFile(file) : await importCode(file, 'json')]
  }
  const language = findLanguage(extension)
  if (!language) throw new FileError('unknownKind')
  return [await importCode(file, language.id)]
}

async function importCode(file: File, language: string): Promise<DocumentInfo> {
  // Editors count CRLF as one unit, so no content holds it.
  const content = (await textOf(file)).replace(/\r\n?/g, '\n')
  return createDocument({ title: file.name, kind: 'text', language, content })
}

/** Whether JSON means to be the content of a rich document; whether it is a good one, the server says. */
export function isDelta(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    const ops: unknown =
      typeof value === 'object' && value !== null && 'ops' in value ? value.ops : value
    return Array.isArray(ops) && ops.every(isInsert)
  } catch {
    return false
  }
}

function isInsert(op: unknown): boolean {
  return typeof op === 'object' && op !== null && 'insert' in op
}

async function textOf(file: File): Promise<string> {
  let bytes: ArrayBuffer
  try {
    bytes = await file.arrayBuffer()
  } catch (cause) {
    throw new FileError('unreadable', { cause })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new FileError('notText', { cause })
  }
}
