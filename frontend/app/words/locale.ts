import type { Part, Words } from './catalogue'

/** A language that the app speaks. */
export interface Locale {
  /** BCP 47. */
  readonly tag: string
  /** What its speakers call it. */
  readonly label: string
  readonly direction: 'ltr' | 'rtl'
}

/** The languages of the app. Each has a folder with the parts of its catalogue. */
export const locales: readonly [Locale, ...Locale[]] = [
  { tag: 'en', label: 'English', direction: 'ltr' },
  { tag: 'de', label: 'Deutsch', direction: 'ltr' },
  { tag: 'fr', label: 'Français', direction: 'ltr' },
  { tag: 'es', label: 'Español', direction: 'ltr' },
  { tag: 'ar', label: 'العربية', direction: 'rtl' },
  { tag: 'ja', label: '日本語', direction: 'ltr' },
]

const files = import.meta.glob<Partial<Words>>(
  './*/{core,later,account,administration,home,history,rich,sharing}.ts',
  {
    import: 'default',
  },
)

/** Loads a part of a catalogue. */
export async function loadPart({ tag }: Locale, part: Part): Promise<Partial<Words>> {
  const load = files[`./${tag}/${part}.ts`]
  if (!load) throw new Error(`there is no ${part} in ${tag}`)
  return load()
}

/** The first of the wanted languages that the app speaks, by their main part; else English. */
export function bestLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const main = tag.toLowerCase().split('-')[0]
    const found = locales.find((locale) => locale.tag === main)
    if (found) return found
  }
  return locales[0]
}
