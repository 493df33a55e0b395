import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin, Rolldown } from 'vite'

/**
 * Tells the service worker which files the app needs to open without a network: its
 * own code, and what that loads at its start. Libraries that are loaded on demand
 * (diagrams, formulas, languages) are not among them: they come when they are used.
 */
export function shell(): Plugin {
  let files: string[] = []
  return {
    name: 'tutti-shell',
    apply: 'build',
    generateBundle(_options, bundle) {
      files = filesOf(bundle)
    },
    writeBundle({ dir }) {
      if (dir === undefined) throw new Error('the build goes nowhere')
      const worker = join(dir, 'sw.js')
      const index = readFileSync(join(dir, 'index.html'))
      const version = createHash('sha256').update(index).update(files.join()).digest('hex')
      const code = readFileSync(worker, 'utf8')
        .replace('__VERSION__', version.slice(0, 16))
        .replace('__SHELL__', files.join(' '))
      writeFileSync(worker, code)
    },
  }
}

function filesOf(bundle: Rolldown.OutputBundle): string[] {
  const seen = new Set<string>()
  const visit = (name: string) => {
    const file = bundle[name]
    if (file?.type !== 'chunk' || seen.has(name)) return
    seen.add(name)
    for (const css of file.viteMetadata?.importedCss ?? []) seen.add(css)
    file.imports.forEach(visit)
    file.dynamicImports.filter((imported) => isOurs(bundle[imported])).forEach(visit)
  }
  for (const [name, file] of Object.entries(bundle)) {
    if (file.type === 'chunk' && file.isEntry) visit(name)
  }
  return [...seen].sort().map((name) => `/${name}`)
}

function isOurs(file: Rolldown.OutputBundle[string] | undefined): boolean {
  if (file?.type !== 'chunk') return false
  return !file.facadeModuleId?.includes('/node_modules/') || file.facadeModuleId.endsWith('?late')
}
