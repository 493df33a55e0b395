import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** What axe finds that keeps somebody out, with where it is. */
export async function grave(page: Page): Promise<string[]> {
  // A name at a caret fades away by design; who is here stands in the list of people.
  const { violations } = await new AxeBuilder({ page }).exclude('.cm-tutti-flag').analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, html }) => `${id}: ${target.join(' ')} ${html}`),
    )
}
