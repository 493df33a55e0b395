import { words } from '../words/index.svelte'
import type { Draft } from './draft'

/** Why a text is a draft, in a sentence. Reactive. */
export function draftReason(why: Draft['why']): string {
  const said = words().drafts.because
  switch (why) {
    case 4403:
      return said.noAccess
    case 4404:
      return said.gone
    case 4410:
      return said.inTrash
    case 4500:
      return said.damaged
    case 'replaced':
      return said.replaced
    case 'restored':
      return said.restored
    case 'document_too_large':
      return said.tooLarge
    default:
      return said.refused
  }
}
