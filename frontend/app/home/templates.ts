import { createDocument, duplicateDocument, type DocumentInfo } from '#client'
import { words } from '../words/index.svelte'
import { fullDate } from '../words/time'
import { templateTag } from './actions'
import type { DocumentType } from './kinds'

/** The names of the built-in templates, in the order in which they are offered. */
export const builtIn = ['meeting', 'brief', 'decision', 'week', 'retrospective'] as const

/** What a new document begins as. */
export type Beginning =
  | { type: Exclude<DocumentType, 'code'> }
  | { type: 'code'; language: string }
  | { builtIn: (typeof builtIn)[number] }
  | { template: DocumentInfo }

/** Creates a document. One made from a template has its name where it gets none of its own. */
export function create(beginning: Beginning, title: string): Promise<DocumentInfo> {
  if ('builtIn' in beginning) {
    const template = words().templates[beginning.builtIn]
    return createDocument({
      kind: 'text',
      language: 'markdown',
      title: title || template.title,
      content: template.text(fullDate(new Date())),
    })
  }
  if ('template' in beginning) {
    const { id, title: name, tags } = beginning.template
    return duplicateDocument(id, {
      title: title || name,
      tags: tags.filter((tag) => tag !== templateTag),
    })
  }
  if (beginning.type === 'rich') return createDocument({ kind: 'rich', title })
  const language = beginning.type === 'code' ? beginning.language : beginning.type
  return createDocument({ kind: 'text', language, title })
}
