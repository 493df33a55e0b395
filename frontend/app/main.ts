import { mount } from 'svelte'
import App from './App.svelte'
import './styles.css'
import { loadWords } from './words/index.svelte'

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no #app')
await loadWords()
mount(App, { target })
