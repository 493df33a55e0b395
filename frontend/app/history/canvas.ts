/** Where a content of the past is shown: plain text and rich text each in their own way. */
import type Delta from 'quill-delta'
import { lengthOf, type Segment } from './segments'

/** A run of the content in its author's colour; none where another author is looked at. */
export interface Paint {
  readonly length: number
  readonly colour: string | null
}

export interface Canvas {
  /** Shows a content, with what changed in it marked. */
  show(segments: readonly Segment[]): void
  /** Applies a change to the content shown, and follows it. What it inserts has the colour. */
  apply(change: Delta, colour: string): void
  /** Colours the content by its authors. The elements of a run have its number in `data-run`. */
  paint(runs: readonly Paint[] | null): void
  /** Brings a position into view. */
  goTo(at: number): void
  destroy(): void
}

/** Where the changes are, as positions in the newer content; neighbours are one. */
export function changesIn(segments: readonly Segment[]): number[] {
  const places: number[] = []
  let at = 0
  let within = false
  for (const segment of segments) {
    if (segment.mark && !within) places.push(at)
    within = segment.mark !== undefined
    at += lengthOf(segment)
  }
  return places
}
