/**
 * The beginning of a Markdown text as one line of prose: without the signs of
 * headings, lists and emphasis, and without a heading that only says the title again.
 */
export function proseOf(excerpt: string, title: string): string {
  const plain = excerpt
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(^|\s)(?:#{1,6}|>|[-*+]|\d+\.|\[[ xX]\]|-{3,}|`{3,}\w*)(?=\s|$)/g, '$1')
    .replace(/(^|\s)(?:#{1,6}|>|[-*+]|\d+\.|\[[ xX]\])(?=\s|$)/g, '$1')
    .replace(/\*\*|__|~~|`/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  const name = title.trim()
  if (name === '' || !plain.startsWith(name)) return plain
  const rest = plain.slice(name.length)
  return /^[\s:]/.test(rest) ? rest.replace(/^[\s:]+/, '') : rest && plain
}
