/** The ids of documents in what a person wrote or pasted: ids, or addresses of this app. */
export function readIds(text: string): string[] {
  const ids = text
    .split(/[\s,]+/)
    .map((word) => /\/d\/([\w-]+)/.exec(word)?.[1] ?? word)
    .filter((id) => /^[A-Za-z0-9][\w-]{0,63}$/.test(id))
  return [...new Set(ids)]
}
