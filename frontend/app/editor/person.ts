/** One or two letters for a name, whole characters as people see them. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return letters.map((word) => firstCharacter(word ?? '').toUpperCase()).join('')
}

const characters = new Intl.Segmenter()

function firstCharacter(word: string): string {
  for (const { segment } of characters.segment(word)) return segment
  return ''
}

/** Black or white, whichever reads better on a colour `#rrggbb`. */
export function inkOn(color: string): '#000000' | '#ffffff' {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    linear(parseInt(color.slice(at, at + 2), 16) / 255),
  )
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
  // Contrast after WCAG: (lighter + 0.05) / (darker + 0.05); both are equal at 0.179.
  return luminance > 0.179 ? '#000000' : '#ffffff'
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
}
