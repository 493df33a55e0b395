/** A short message at the foot of the page. */
export interface Toast {
  text: string
  /** What can be done about it. */
  action?: { label: string; run: () => void }
  /** Bad news, and whatever must not be missed, stays until it is dismissed. */
  stays?: boolean
}

const shownFor = 8_000

let shown = $state.raw<readonly Toast[]>([])

/** The messages on show, the oldest first. Reactive. */
export function toasts(): readonly Toast[] {
  return shown
}

/** Shows a message. */
export function toast(message: Toast): void {
  shown = [...shown, message]
  if (!message.stays) setTimeout(() => dismiss(message), shownFor)
}

/** Takes a message away. */
export function dismiss(message: Toast): void {
  shown = shown.filter((other) => other !== message)
}
