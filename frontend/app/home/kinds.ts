import type { DocumentInfo } from '#client'
import { findLanguage } from '../languages'
import { words } from '../words/index.svelte'

/** The four kinds of documents as people tell them apart. */
export type DocumentType = 'markdown' | 'rich' | 'code' | 'plain'

type Described = Pick<DocumentInfo, 'kind' | 'language'>

export function typeOf({ kind, language }: Described): DocumentType {
  if (kind === 'rich') return 'rich'
  const id = findLanguage(language)?.id ?? 'plain'
  return id === 'markdown' || id === 'plain' ? id : 'code'
}

/** What a document is written in, in words. Reactive. */
export function kindLabel(document: Described): string {
  if (document.kind === 'rich') return words().common.richText
  return findLanguage(document.language)?.label ?? (document.language || words().common.plainText)
}
