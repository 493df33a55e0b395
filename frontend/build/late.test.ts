import { expect, test } from 'vitest'
import { split } from './late'

const library = `import { far } from 'far'
const used = 1, alone = 2
let both = used + far
function early() { return both }
class Late { get early() { return both + alone } }
Late.prototype.used = true
for (const name of ['x']) Late[name] = true
function late(used) { return new Late(used) }
export { early, late, Late }`

test('what only late exports need is late, and takes the rest from the early half', () => {
  const { early, late, facade } = split(library, ['late', 'Late'], 'lib?')
  expect(early).toContain('function early')
  expect(early).not.toContain('Late')
  expect(late).toContain('import { used,alone,both,early } from "lib?early"')
  expect(late).toContain('Late.prototype.used = true')
  expect(late).toContain('Late[name] = true')
  expect(late).not.toContain('function early')
  expect(late).toContain("import { far } from 'far'")
  expect(facade).toBe('export { early } from "lib?early"\nexport { late,Late } from "lib?late"')
})

test('what an early export needs is early, late or not', () => {
  const { early, facade } = split(library, ['Late'], 'lib?')
  expect(early).toContain('class Late')
  expect(facade).toContain('export { early,late,Late } from "lib?early"')
})
