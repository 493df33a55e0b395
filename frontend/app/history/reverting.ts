import { contentAt, getRecords, revert, submitDelta, type RevertRequest } from '#client'
import Delta from 'quill-delta'
import { toast } from '../ui/toasts.svelte'
import { words } from '../words/index.svelte'
import { explain } from '../words/sentences'
import { segmentsOf, type Segment } from './segments'

/** What taking something back would change in the document as it was at `rev`. */
export interface Preview {
  readonly rev: number
  readonly change: Delta
  readonly segments: readonly Segment[]
}

/** Finds out what taking something back would change; undefined if nothing. */
export async function previewRevert(
  id: string,
  what: RevertRequest,
  signal: AbortSignal,
): Promise<Preview | undefined> {
  const { revision, op } = await revert(id, { ...what, dryRun: true }, { signal })
  if (op.length === 0) return undefined
  // The answer names the revision that the change would become.
  const rev = revision - 1
  const change = new Delta(op)
  return { rev, change, segments: segmentsOf(await contentAt(id, rev, { signal }), change) }
}

/**
 * Does what was previewed, and offers to undo that: what somebody wrote after
 * the preview was made is merged with it and stays. Throws where it could not
 * be done.
 */
export async function commitRevert(id: string, preview: Preview, done: string): Promise<void> {
  const { revision, op } = await submitDelta(id, preview.rev, preview.change.ops)
  const said = words().history
  const undo = { label: said.undo, run: () => void undoRevert(id, revision) }
  toast({ text: done, ...(op.length > 0 && { action: undo }) })
}

/** Takes back a revert and nothing else: what was written since stays. */
async function undoRevert(id: string, rev: number): Promise<void> {
  const said = words().history
  try {
    const [record] = await getRecords(id, { after: rev - 1, limit: 1 })
    if (record) await revert(id, { user: record.user, from: rev, to: rev })
    toast({ text: said.takenBack })
  } catch (error) {
    toast({
      text: said.notDone(explain(error)),
      action: { label: words().common.tryAgain, run: () => void undoRevert(id, rev) },
      stays: true,
    })
  }
}
