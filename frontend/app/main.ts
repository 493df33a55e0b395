import { mount } from 'svelte'
import { loadSelf } from './account/self.svelte'
import App from './App.svelte'
import { isHosted } from './hosts'
import { route } from './location.svelte'
import { keepApp } from './offline'
import type { Route } from './router'
import { loadSettings } from './settings/settings.svelte'
import './styles.css'
import { loadWords } from './words/index.svelte'

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no #app')
loadSettings()
// Not awaited by this module: what it loads imports from the file that this one is in.
void Promise.all([loadWords(), introduce(route())]).then(() => mount(App, { target }))
keepApp()

/** Finds out who looks at this: in a frame of a site that says so, by its token. */
async function introduce(opened: Route): Promise<void> {
  const alone = opened.page === 'document' && isHosted()
  if (alone) {
    const { meetHost } = await import('./hosted')
    meetHost(opened.id)
  }
  // Who is shown by a site's token is nobody in other tabs.
  loadSelf({ alone })
}
