import { mount } from 'svelte'
import { loadSelf } from './account/self.svelte'
import App from './App.svelte'
import { isHosted, meetHost } from './hosted'
import { route } from './location.svelte'
import { keepApp } from './offline'
import { loadSettings } from './settings/settings.svelte'
import './styles.css'
import { loadWords } from './words/index.svelte'

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no #app')
const opened = route()
if (opened.page === 'document' && opened.embedded) meetHost(opened.id)
loadSettings()
// Who is shown by a site's token is nobody in other tabs.
loadSelf({ alone: isHosted() })
// Not awaited by this module: what it loads imports from the file that this one is in.
void loadWords().then(() => mount(App, { target }))
keepApp()
