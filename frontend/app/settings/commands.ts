import type { Command } from '../commands/commands.svelte'
import { words } from '../words/index.svelte'
import { choose, resizeText, settings, showSettings, themes } from './settings.svelte'

/** What the palette offers of the settings, wherever one is. Reactive. */
export function settingsCommands(): Command[] {
  const said = words().settings
  return [
    { id: 'settings', label: said.open, keys: 'Mod-,', run: () => showSettings(true) },
    ...themes
      .filter((theme) => theme !== settings().theme)
      .map((theme) => ({
        id: `theme-${theme}`,
        label: `${said.theme}: ${said.themes[theme]}`,
        run: () => choose({ theme }),
      })),
    { id: 'text-larger', label: said.larger, run: () => resizeText(1) },
    { id: 'text-smaller', label: said.smaller, run: () => resizeText(-1) },
  ]
}
