/**
 * Which item of a menu a key leads to, from the item at `at` (-1: none):
 * arrows go around, a letter goes to the next item that begins with it.
 * Undefined for a key that leads nowhere.
 */
export function keyTarget(key: string, at: number, labels: readonly string[]): number | undefined {
  const count = labels.length
  if (count === 0) return undefined
  if (key === 'ArrowDown') return (at + 1) % count
  if (key === 'ArrowUp') return at <= 0 ? count - 1 : at - 1
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  if (key.length !== 1 || key === ' ') return undefined
  const letter = key.toLocaleLowerCase()
  for (let step = 1; step <= count; step++) {
    const to = (at + step + count) % count
    if (labels[to]?.trim().toLocaleLowerCase().startsWith(letter)) return to
  }
  return undefined
}
