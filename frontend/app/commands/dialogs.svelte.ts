import { untrack } from 'svelte'

/** The dialogs that can be opened from every page. */
export type DialogName = 'palette' | 'shortcuts' | 'newDocument' | 'share'

let shown = $state<DialogName>()

/** The dialog on show. Reactive. */
export function shownDialog(): DialogName | undefined {
  return shown
}

/** Opens a dialog in the place of what was open. */
export function showDialog(name: DialogName): void {
  shown = name
}

/** Closes a dialog, if it is the one on show. */
export function closeDialog(name: DialogName): void {
  if (untrack(shownDialog) === name) shown = undefined
}
