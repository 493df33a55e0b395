import { en, type Words } from './en'
import { bestLocale, locales, type Locale } from './locale'

const storageKey = 'tutti.locale'

let current = $state.raw<{ locale: Locale; words: Words }>({ locale: locales[0], words: en })

/** The sentences of the app in the person's language. Reactive. */
export function words(): Words {
  return current.words
}

/** The person's language. Reactive. */
export function locale(): Locale {
  return current.locale
}

/** Speaks the language that the person chose here before, or that the browser asks for. */
export async function loadWords(): Promise<void> {
  const chosen = remembered()
  await speak(bestLocale(chosen === null ? navigator.languages : [chosen]))
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

/** English stays where another catalogue cannot be loaded: words in the wrong language beat none. */
async function speak(locale: Locale): Promise<void> {
  const words = await locale.load().catch(() => undefined)
  if (!words) return
  current = { locale, words }
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
