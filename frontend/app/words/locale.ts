import { en, type Words } from './en'

/** A language that the app speaks. */
export interface Locale {
  /** BCP 47. */
  readonly tag: string
  /** What its speakers call it. */
  readonly label: string
  readonly direction: 'ltr' | 'rtl'
  readonly load: () => Promise<Words>
}

/** The languages of the app; all but English are loaded when they are asked for. */
export const locales: readonly [Locale, ...Locale[]] = [
  { tag: 'en', label: 'English', direction: 'ltr', load: () => Promise.resolve(en) },
]

/** The first of the wanted languages that the app speaks, by their main part; else English. */
export function bestLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const main = tag.toLowerCase().split('-')[0]
    const found = locales.find((locale) => locale.tag === main)
    if (found) return found
  }
  return locales[0]
}
