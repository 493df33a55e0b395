import type { Blocks } from './blocks'

export interface Heading {
  /** From 1 to 6. */
  readonly level: number
  readonly text: string
  /** By which a link within the text leads here, as GitHub makes it. */
  readonly slug: string
  /** Where it is in the text. */
  readonly from: number
}

/** The headings of a text, those within lists and quotes left out. */
export function headingsOf(blocks: Blocks): Heading[] {
  const taken = new Map<string, number>()
  return blocks.list.flatMap((block) => {
    const level = Number(/Heading(\d)$/.exec(block.name)?.[1])
    if (!level) return []
    const text = plain(blocks.source(block))
    const slug = slugOf(text)
    const before = taken.get(slug) ?? 0
    taken.set(slug, before + 1)
    return { level, text, slug: before === 0 ? slug : `${slug}-${before}`, from: block.from }
  })
}

/** Without the marks of Markdown. */
function plain(source: string): string {
  return source
    .replace(/^\s*#+\s*|\s*#*\s*$|\n\s*(?:=+|-+)\s*$/g, '')
    .replace(/!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/[*_`~]+/g, '')
    .trim()
}

function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
}
