import { untrack } from 'svelte'
import type { Part, Words } from './catalogue'
import core from './en/core'
import { bestLocale, loadPart, locales, type Locale } from './locale'

const storageKey = 'tutti.locale'

let parts: readonly Part[] = ['core']

// A page asks for its part before it is shown, so whoever reads here finds all that it needs.
let current = $state.raw<{ locale: Locale; words: Words }>({
  locale: locales[0],
  words: core as Words,
})

/** The sentences of the app in the person's language. Reactive. */
export function words(): Words {
  return current.words
}

/** The person's language. Reactive. */
export function locale(): Locale {
  return current.locale
}

/** The person's language as it is written where they are, for dates and numbers: "en-GB". Reactive. */
export function region(): string {
  const { tag } = current.locale
  return navigator.languages.find((wanted) => wanted.split('-')[0] === tag) ?? tag
}

/** Speaks the language that the person chose here before, or that the browser asks for. */
export async function loadWords(): Promise<void> {
  const chosen = remembered()
  await speak(bestLocale(chosen === null ? navigator.languages : [chosen]))
}

/** What is being imported, once the part of the catalogue that it speaks from is there, too. */
export async function speaking<Module>(part: Part, importing: Promise<Module>): Promise<Module> {
  const [module] = await Promise.all([importing, needWords(part)])
  return module
}

/** Loads a part of the catalogue. */
export async function needWords(part: Part): Promise<void> {
  if (parts.includes(part)) return
  // Whoever shows what comes with the part does not show it anew for each other part.
  const { locale } = untrack(() => current)
  const loaded = await loadPart(locale, part)
  parts = parts.includes(part) ? parts : [...parts, part]
  // The language may have been changed meanwhile: then this part is loaded in the new one, too.
  if (locale === current.locale) current = { locale, words: { ...current.words, ...loaded } }
  else await speak(current.locale)
}

/** Changes the language, and remembers it in this browser. */
export async function setLocale(tag: string): Promise<void> {
  await speak(bestLocale([tag]))
  try {
    localStorage.setItem(storageKey, tag)
  } catch {
    // Without storage it holds until the page is closed.
  }
}

/** What was spoken stays where a catalogue cannot be loaded: words in the wrong language beat none. */
async function speak(locale: Locale): Promise<void> {
  try {
    const loaded = await Promise.all(parts.map((part) => loadPart(locale, part)))
    current = { locale, words: Object.assign({}, ...loaded) as Words }
  } catch {
    return
  }
  document.documentElement.lang = locale.tag
  document.documentElement.dir = locale.direction
}

function remembered(): string | null {
  try {
    return localStorage.getItem(storageKey)
  } catch {
    return null
  }
}
