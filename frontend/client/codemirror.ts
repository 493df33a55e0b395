import type { Extension } from '@codemirror/state'
import type { TuttiDocument } from './document'

export function tuttiCodeMirror(doc: TuttiDocument): Extension {
  void doc
  return []
}
