import { locale, words } from '../words/index.svelte'
import type { Mark } from './segments'

/** How much changed, in a few words. Reactive. */
export function summaryOf({ inserted, deleted, formatted }: Record<Mark, number>): string {
  const said = words().history
  const parts = [
    ...(inserted > 0 ? [said.inserted(inserted)] : []),
    ...(deleted > 0 ? [said.deleted(deleted)] : []),
    ...(formatted > 0 ? [said.formatted(formatted)] : []),
  ]
  const list = new Intl.ListFormat(locale().tag, { type: 'unit', style: 'long' })
  return list.format(parts)
}
