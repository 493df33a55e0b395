/** The lines of a rich content and the blocks that they make: lists, code, tables, paragraphs. */
import type { AttributeMap } from 'quill-delta'
import { lengthOf, type Segment } from './segments'

export interface Piece extends Segment {
  /** The author's run that it belongs to. */
  readonly run?: number
  readonly colour?: string
}

export interface Line {
  readonly pieces: readonly Piece[]
  /** The formats of the line, which stand at its end. */
  readonly formats: AttributeMap
  /** What became of the end of the line. */
  readonly end: Piece | null
}

export type BlockType = 'text' | 'list' | 'code' | 'table'

export interface Block {
  readonly type: BlockType
  readonly lines: readonly Line[]
  /** Units of the newer content. */
  readonly length: number
}

export function blocksOf(pieces: readonly Piece[]): Block[] {
  const blocks: { type: BlockType; lines: Line[]; length: number }[] = []
  for (const line of linesOf(pieces)) {
    const type = typeOf(line.formats)
    const length = [...line.pieces, ...(line.end ? [line.end] : [])].reduce(
      (sum, piece) => sum + lengthOf(piece),
      0,
    )
    const last = blocks.at(-1)
    if (last && type !== 'text' && last.type === type) {
      last.lines.push(line)
      last.length += length
    } else {
      blocks.push({ type, lines: [line], length })
    }
  }
  return blocks
}

function linesOf(pieces: readonly Piece[]): Line[] {
  const lines: Line[] = []
  let current: Piece[] = []
  for (const piece of pieces) {
    if (typeof piece.insert !== 'string') {
      current.push(piece)
      continue
    }
    const parts = piece.insert.split('\n')
    for (const [i, part] of parts.entries()) {
      if (part !== '') current.push({ ...piece, insert: part })
      if (i === parts.length - 1) break
      const end = { ...piece, insert: '\n' }
      lines.push({ pieces: current, formats: piece.attributes ?? {}, end })
      current = []
    }
  }
  if (current.length > 0) lines.push({ pieces: current, formats: {}, end: null })
  return lines
}

function typeOf(formats: AttributeMap): BlockType {
  if (formats['list']) return 'list'
  if (formats['code-block']) return 'code'
  if (formats['table']) return 'table'
  return 'text'
}
