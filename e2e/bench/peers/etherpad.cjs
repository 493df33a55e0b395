// How much room Etherpad keeps automerge-paper in: its own Pad.js appends each
// edit as a revision, over a database that writes down the rows that it is
// given, as ueberdb2's SQLite keeps them. Etherpad is no dependency, for its 500
// packages: `npm pack ep_etherpad-lite@1.8.14`, unpack it, and
//   node etherpad.cjs PACKAGE TRACE.jsonl.gz NEW.sqlite
const Module = require('node:module')
const { readFileSync, statSync } = require('node:fs')
const { join, resolve } = require('node:path')
const { gunzipSync } = require('node:zlib')
const Database = require('better-sqlite3')

const [etherpad, trace, file] = process.argv.slice(2)
const sqlite = new Database(file)
sqlite.exec('CREATE TABLE store (key TEXT PRIMARY KEY, value TEXT)')
sqlite.exec('BEGIN')
const insert = sqlite.prepare('REPLACE INTO store VALUES (?, ?)')
const last = new Map() // what is written with each revision, and counts once

/** What Pad.js asks for, beside the changesets. */
const stubs = {
  DB: {
    async get() {
      return null
    },
    async set(key, value) {
      if (key.includes(':revs:')) insert.run(key, JSON.stringify(value))
      else last.set(key, value)
    },
  },
  Settings: { defaultPadText: '\n' },
  AuthorManager: { async addPad() {} },
  hooks: { callAll() {}, async aCallAll() {} },
}
for (const name of ['PadManager', 'PadMessageHandler', 'GroupManager', 'ReadOnlyManager', 'randomstring', 'underscore'])
  stubs[name] = {}
const load = Module._load
Module._load = (name, ...rest) => stubs[name.split('/').pop()] ?? load(name, ...rest)

async function main() {
  const { Pad } = require(resolve(join(etherpad, 'node/db/Pad.js')))
  const Changeset = require(resolve(join(etherpad, 'static/js/Changeset.js')))
  const author = 'a.s8oes9dhwrvt0zif'
  const pad = new Pad('paper')
  await pad.init('\n')
  let edits = 0
  for (const line of gunzipSync(readFileSync(trace)).toString().split('\n').slice(1)) {
    for (const [at, gone, text] of line ? JSON.parse(line) : []) {
      const change = Changeset.makeSplice(pad.text(), at, gone, text, [['author', author]], pad.pool)
      await pad.appendRevision(change, author)
      edits++
    }
  }
  for (const [key, value] of last) insert.run(key, JSON.stringify(value))
  sqlite.exec('COMMIT')
  sqlite.exec('VACUUM')
  sqlite.close()
  const { size } = statSync(file)
  console.log(`${edits} edits, ${pad.text().length} characters: ${size} bytes, ${(size / edits).toFixed(1)} an edit`)
}

main()
