import { openDocuments } from '../documents/live.svelte'
import { forget } from '../documents/kept'
import type { Draft } from './draft'
import { removeDraft } from './drafts.svelte'

/** Forgets a draft and the edits that it stands for. False where another tab still has those. */
export async function discard({ id, tab }: Draft): Promise<boolean> {
  if (tab !== undefined) {
    openDocuments()
      .find((document) => document.tab === tab)
      ?.close()
    if (!(await forget(tab))) return false
  }
  removeDraft(id)
  return true
}
