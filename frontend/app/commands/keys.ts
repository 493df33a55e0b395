/** Keys as CodeMirror writes them: "Mod-k", "Mod-Shift-p", "?"; Mod is Command on a Mac, else Control. */

const isMac = typeof navigator !== 'undefined' && /Mac|iP(hone|ad|od)/.test(navigator.platform)

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** Whether an event is the press of these keys. */
export function isPressed(keys: string, event: Pressed, mac = isMac): boolean {
  const { key, mod, ctrl, alt, shift } = parse(keys)
  if (event.metaKey !== (mod && mac) || event.ctrlKey !== (ctrl || (mod && !mac))) return false
  if (event.altKey !== alt) return false
  // Where a sign such as ? or / lies behind Shift depends on the keyboard.
  const isSign = /^[^a-z0-9]$/i.test(key)
  if (!isSign && event.shiftKey !== shift) return false
  return letterOf(event) === key.toLowerCase()
}

/** Whether keys write something where one can write, so that they are a command only elsewhere. */
export function isTyping(keys: string): boolean {
  const { key, mod, ctrl, alt } = parse(keys)
  return !mod && !ctrl && !alt && key.length === 1
}

/** The keys as people read them on this machine: "Ctrl+K", "⌘K". */
export function shortKeys(keys: string, mac = isMac): string {
  const { key, mod, ctrl, alt, shift } = parse(keys)
  const name = key.length === 1 ? key.toUpperCase() : (names[key] ?? key)
  const parts = mac
    ? [ctrl && '⌃', alt && '⌥', shift && '⇧', mod && '⌘', name]
    : [(mod || ctrl) && 'Ctrl', alt && 'Alt', shift && 'Shift', name]
  return parts.filter(Boolean).join(mac ? '' : '+')
}

const names: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
}

function parse(keys: string) {
  const parts = keys.split(/-(?!$)/)
  const key = parts.pop() ?? ''
  const has = (...wanted: string[]) => parts.some((part) => wanted.includes(part.toLowerCase()))
  return {
    key,
    mod: has('mod', 'm'),
    ctrl: has('ctrl', 'control', 'c'),
    alt: has('alt', 'a'),
    shift: has('shift', 's'),
  }
}

/** What a key stands for; where the keyboard writes no Latin letters, by its place. */
function letterOf({ key, code }: Pressed): string {
  const place = /^(?:Key|Digit)(.)$/.exec(code)?.[1]
  const isLatin = key.length !== 1 || key.charCodeAt(0) < 128
  return (isLatin ? key : (place ?? key)).toLowerCase()
}
