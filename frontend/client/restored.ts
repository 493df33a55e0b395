/**
 * What becomes of the text here where the server comes with another history of the
 * document: with an older state of it, after a backup was restored, or with another
 * document. Whatever else begins a new epoch (the erasure of what should never have
 * been written) takes text away because somebody wanted that: it is not brought back.
 */
import Delta from 'quill-delta'
import { insertedText, isAkin, plainText } from './delta'
import type { Machine } from './machine'
import type { DocumentState, Refusal } from './state'
import type { Origin, Welcome } from './wire'

interface Loss {
  /** What the person sees change first, where pending edits were taken back. */
  readonly visible: Delta | null
  /** What is to be offered for copying; null where nothing is lost. */
  readonly refusal: Refusal | null
}

/**
 * Whether a history lacks revisions of another one. Each is given by the epochs that it
 * came through, the last with the revision where it is.
 */
export function isRewound(mine: readonly Origin[], theirs: readonly Origin[]): boolean {
  const own = new Map(mine.map(({ epoch, rev }) => [epoch, rev]))
  const shared = theirs.findLast(({ epoch }) => own.has(epoch))
  const rev = mine.at(-1)?.rev ?? 0
  return shared !== undefined && rev > Math.min(shared.rev, own.get(shared.epoch) ?? 0)
}

/**
 * The lines of a content that another one has not. A difference by letters would not
 * do: any two texts have most of these in common.
 */
function linesBeside(content: Delta, other: Delta): string {
  const found = new Map<string, number>()
  for (const line of plainText(other).split('\n')) found.set(line, (found.get(line) ?? 0) + 1)
  const lines = plainText(content).split('\n')
  const isMissing = (line: string) => {
    const times = found.get(line) ?? 0
    found.set(line, times - 1)
    return times <= 0
  }
  return lines.filter(isMissing).join('\n')
}

/**
 * Finds out what a new content costs, before it is adopted. Pending edits go on over
 * the change, as over any other, but where the content has little to do with the one
 * that they were written for: then they are taken back.
 */
export function lossBy(
  { epoch, rev, kind, content: ops, lineage = [] }: Welcome,
  machine: Machine,
  state: Pick<DocumentState, 'kind'>,
  ancestors: readonly Origin[],
): Loss {
  const { epoch: before, committed } = machine
  if (!ops || before === null) return { visible: null, refusal: null }
  const content = new Delta(ops)
  const rewound = isRewound(
    [...ancestors, { epoch: before, rev: machine.rev }],
    [...lineage, { epoch, rev }],
  )
  const keeps =
    epoch === before ||
    machine.isSynchronized ||
    (kind === state.kind && isAkin(committed, content))
  const had = keeps ? committed : machine.content
  const given = keeps ? null : machine.giveUp()
  const visible = given?.visible ?? null
  if (rewound) {
    const text = linesBeside(had, content)
    const message = 'the server was restored from a backup that is older than this text'
    const isLost = text.trim() !== ''
    return { visible, refusal: isLost ? { code: 'restored', message, text, content: had } : null }
  }
  const message = 'the document was replaced by another one'
  return {
    visible,
    refusal: given && { code: 'replaced', message, text: insertedText(given.given) },
  }
}
