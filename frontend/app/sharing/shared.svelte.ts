import { showDialog } from '../commands/dialogs.svelte'

let id = $state<string>()

/** The document whose sharing is on show. Reactive. */
export function sharedDocument(): string | undefined {
  return id
}

/** Shows who has access to a document. */
export function share(document: string): void {
  id = document
  showDialog('share')
}
