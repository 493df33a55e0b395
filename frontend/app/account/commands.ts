import type { Command } from '../commands/commands.svelte'
import { here, navigate } from '../location.svelte'
import { signInHref } from '../router'
import { words } from '../words/index.svelte'
import { leave } from './leaving.svelte'
import { hasAccount, hasAccounts, self } from './self.svelte'

/** What the palette offers about oneself. Reactive. */
export function selfCommands(): Command[] {
  if (!hasAccounts()) return []
  const said = words().self
  const me = self()
  if (!hasAccount() || me.state !== 'in')
    return [{ id: 'signin', label: said.signIn, run: () => navigate(signInHref(here())) }]
  return [
    { id: 'account', label: `${said.account}: ${me.name}`, run: () => navigate('/?account') },
    { id: 'signout', label: said.signOut, run: () => leave() },
  ]
}
