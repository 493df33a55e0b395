import type { Tab } from '../router'

/** Those that tell of accounts; an open server has none. */
const needAccounts: readonly Tab[] = ['people', 'audit']

export const tabs: readonly Tab[] = ['people', 'documents', 'connections', 'audit', 'server']

/** The tabs that there are, with accounts or without. */
export function tabsOf(accounts: boolean): readonly Tab[] {
  return accounts ? tabs : tabs.filter((tab) => !needAccounts.includes(tab))
}
