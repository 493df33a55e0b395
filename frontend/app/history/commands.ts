import type { Command } from '../commands/commands.svelte'
import { navigate } from '../location.svelte'
import { historyHref } from '../router'
import { words } from '../words/index.svelte'

/** What an editor offers that leads to the history of its document. Reactive. */
export function historyCommands(id: string, revision: number, changes: boolean): Command[] {
  const said = words().history
  const go = (view: Parameters<typeof historyHref>[1]) => () => navigate(historyHref(id, view))
  const compare = { from: 0, to: revision }
  return [
    { id: 'history.open', label: said.openHistory, run: go({}) },
    ...(changes
      ? [{ id: 'history.name', label: said.nameVersion, run: go({ naming: true }) }]
      : []),
    { id: 'history.compare', label: said.compareWith, run: go({ compare }) },
    { id: 'history.authors', label: said.showWhoWroteWhat, run: go({ authors: true }) },
  ]
}
