/**
 * How much script the editors' pages load before a person can write in them:
 * the files that the built app loads one by the other, without those that come
 * later or on demand. Ends with 1 where that is more than the app allows itself.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const dist = join(import.meta.dirname, '../dist')
const assets = join(dist, 'assets')
const most = 150_000

/** What each page is made of, by the names that the build gives the files. */
const pages = {
  'text editor': ['Editor', 'TextEditor'],
  'rich editor': ['Editor', 'RichEditor'],
  'text editor, Markdown highlighted': ['Editor', 'TextEditor', 'markdown', 'highlighter'],
}
const unlimited = 'text editor, Markdown highlighted'

const files = readdirSync(assets).filter((file) => file.endsWith('.js'))

function entry() {
  const script = /src="\/assets\/([^"]+\.js)"/.exec(readFileSync(join(dist, 'index.html'), 'utf8'))
  if (!script?.[1]) throw new Error('index.html loads no script')
  return script[1]
}

/** Where a part is asked for in two ways, the build makes two files, one of which is but an address. */
function filesOf(name) {
  const found = files.filter((file) => new RegExp(`^${name}-[\\w-]{8}\\.js$`).test(file))
  if (found.length === 0) throw new Error(`no file of the name ${name}`)
  return found
}

/** A file and all that it imports, but for what it imports on demand. */
function loadedWith(file, seen = new Set()) {
  if (seen.has(file)) return seen
  seen.add(file)
  const code = readFileSync(join(assets, file), 'utf8')
  for (const [, imported] of code.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g)) {
    loadedWith(imported, seen)
  }
  return seen
}

const size = (file) => gzipSync(readFileSync(join(assets, file)), { level: 9 }).length

let isOver = false
for (const [page, parts] of Object.entries(pages)) {
  const loaded = new Set(
    [entry(), ...parts.flatMap(filesOf)].flatMap((file) => [...loadedWith(file)]),
  )
  const total = [...loaded].reduce((sum, file) => sum + size(file), 0)
  const verdict = page === unlimited ? '' : ` of ${most / 1000} KB`
  if (verdict && total > most) isOver = true
  console.log(`${page}: ${(total / 1000).toFixed(1)}${verdict || ' KB'} of script, gzipped`)
  if (process.argv.includes('--files')) {
    for (const file of loaded) console.log(`    ${(size(file) / 1000).toFixed(1)} ${file}`)
  }
}
if (isOver) {
  console.error('more script than the app allows itself: `npm run weight -- --files` says where')
  process.exit(1)
}
