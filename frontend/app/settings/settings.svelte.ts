const storageKey = 'tutti.settings'

export const themes = ['system', 'light', 'dark'] as const
/** Whether an editor does something always, never, or as fits the kind of text. */
export const habits = ['auto', 'on', 'off'] as const
/** Of the size that text has by itself, in percent. */
export const textSizes = [80, 90, 100, 115, 130, 150, 175] as const
export const layouts = ['edit', 'split', 'preview'] as const

/** What a person chose for themselves in this browser. */
export interface Settings {
  theme: (typeof themes)[number]
  wrap: (typeof habits)[number]
  lineNumbers: (typeof habits)[number]
  textSize: number
  vim: boolean
  /** What of a Markdown document is shown. */
  layout: (typeof layouts)[number]
}

const initial: Settings = {
  theme: 'system',
  wrap: 'auto',
  lineNumbers: 'auto',
  textSize: 100,
  vim: false,
  layout: 'edit',
}

let current = $state.raw(initial)
let shown = $state(false)

/** What the person chose, or what holds until then. Reactive. */
export function settings(): Settings {
  return current
}

/** Changes some of it, here and in the other tabs, and remembers it in this browser. */
export function choose(change: Partial<Settings>): void {
  take({ ...current, ...change })
  try {
    localStorage.setItem(storageKey, JSON.stringify(current))
  } catch {
    // Without storage it holds until the page is closed.
  }
}

/** The next larger size of text, or with -1 the next smaller. */
export function resizeText(step: 1 | -1): void {
  const at = textSizes.findIndex((size) => size >= current.textSize)
  choose({ textSize: textSizes[at + step] ?? current.textSize })
}

/** Whether the dialog with the settings is open. Reactive. */
export function settingsShown(): boolean {
  return shown
}

export function showSettings(show: boolean): void {
  shown = show
}

/** Takes what is remembered, now and whenever another tab changes it. */
export function loadSettings(): void {
  take(remembered())
  addEventListener('storage', ({ key }) => {
    if (key === storageKey) take(remembered())
  })
}

function take(settings: Settings): void {
  current = settings
  const { theme } = settings
  document.documentElement.style.colorScheme = theme === 'system' ? '' : theme
}

function remembered(): Settings {
  try {
    return readSettings(localStorage.getItem(storageKey))
  } catch {
    return initial
  }
}

/** Settings as they were stored, by whatever version: what is not understood is left as it was. */
export function readSettings(stored: string | null): Settings {
  let parsed: unknown
  try {
    parsed = JSON.parse(stored ?? '{}')
  } catch {
    return initial
  }
  const found = (typeof parsed === 'object' ? parsed : null) as Record<string, unknown> | null
  const one = <Value>(key: keyof Settings, known: readonly Value[], otherwise: Value): Value =>
    known.find((value) => value === found?.[key]) ?? otherwise
  return {
    theme: one('theme', themes, initial.theme),
    wrap: one('wrap', habits, initial.wrap),
    lineNumbers: one('lineNumbers', habits, initial.lineNumbers),
    textSize: one<number>('textSize', textSizes, initial.textSize),
    vim: one('vim', [true, false], initial.vim),
    layout: one('layout', layouts, initial.layout),
  }
}
