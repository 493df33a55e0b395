import { parseSync } from 'rolldown/utils'
import type { Plugin } from 'vite'

type Node = ReturnType<typeof parseSync>['program']['body'][number]

/**
 * Splits modules of libraries in two: what only the exports named here need gets
 * a module of its own. A bundler keeps a module in one piece, in the first file
 * that needs any of it; CodeMirror's view is a single module, and with it would
 * come the tooltips, panels and gutters that only lazy parts of the app ask for.
 */
export function late(modules: Record<string, readonly string[]>): Plugin {
  const halves = new Map<string, string>()
  return {
    name: 'tutti:late',
    apply: 'build',
    resolveId: (source) => (halves.has(source) ? source : null),
    load: (id) => halves.get(id) ?? null,
    transform(code, id) {
      const name = Object.keys(modules).find((name) => id.endsWith(`/${name}/dist/index.js`))
      if (name === undefined) return null
      const { early, late, facade } = split(code, modules[name] ?? [], `${id}?`)
      halves.set(`${id}?early`, early)
      halves.set(`${id}?late`, late)
      return { code: facade, map: null }
    },
  }
}

interface Statement {
  code: string
  /** What it declares, or where it assigns to a part of something, that. */
  names: string[]
  /** What it may need: too much, where something local has the name of something else. */
  words: Set<string>
}

/** The two halves of a module, and what stands in its place. `id` is what theirs begin with. */
export function split(code: string, lateExports: readonly string[], id: string) {
  const imports: string[] = []
  const statements: Statement[] = []
  const exported: string[] = []
  const passedOn: string[] = []
  for (const node of parseSync('module.js', code).program.body) {
    const text = code.slice(node.start, node.end)
    if (node.type === 'ImportDeclaration') imports.push(text)
    else if (node.type === 'ExportNamedDeclaration' && node.source) passedOn.push(text)
    else if (node.type === 'ExportNamedDeclaration') exported.push(...identifiers(node))
    else statements.push({ code: text, names: namesOf(node), words: identifiers(node) })
  }
  // A loop or a call belongs to what it is about.
  const declared = new Set(statements.flatMap(({ names }) => names))
  for (const statement of statements) {
    if (statement.names.length > 0) continue
    statement.names = [...statement.words].filter((word) => declared.has(word))
  }

  const needed = new Set(exported.filter((name) => !lateExports.includes(name)))
  const early = new Set<Statement>()
  for (let size = -1; size < early.size;) {
    size = early.size
    for (const statement of statements) {
      const { names } = statement
      if (names.length > 0 && !names.some((name) => needed.has(name))) continue
      early.add(statement)
      for (const word of statement.words) needed.add(word)
    }
  }

  const before = statements.filter((statement) => early.has(statement))
  const after = statements.filter((statement) => !early.has(statement))
  const wanted = new Set([...exported, ...after.flatMap(({ words }) => [...words])])
  const shared = [...new Set(before.flatMap(({ names }) => names))].filter((name) =>
    wanted.has(name),
  )
  const [now, then] = [true, false].map((is) => exported.filter((name) => needed.has(name) === is))
  return {
    early: [...imports, ...before.map(({ code }) => code), `export { ${shared.join()} }`].join(
      '\n',
    ),
    late: [
      ...imports,
      `import { ${shared.join()} } from ${JSON.stringify(`${id}early`)}`,
      ...after.map(({ code }) => code),
      `export { ${then?.join()} }`,
    ].join('\n'),
    facade: [
      ...passedOn,
      `export { ${now?.join()} } from ${JSON.stringify(`${id}early`)}`,
      `export { ${then?.join()} } from ${JSON.stringify(`${id}late`)}`,
    ].join('\n'),
  }
}

function namesOf(node: Node): string[] {
  if (node.type === 'VariableDeclaration') {
    return node.declarations.flatMap(({ id }) => [...identifiers(id)])
  }
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') {
    return node.id ? [node.id.name] : []
  }
  if (node.type !== 'ExpressionStatement' || node.expression.type !== 'AssignmentExpression') {
    return []
  }
  return [...identifiers(node.expression.left)].slice(0, 1)
}

/** The names in a part of a program, but for those of properties. */
function identifiers(part: unknown, found = new Set<string>()): Set<string> {
  if (typeof part !== 'object' || !part) return found
  const { type, name, computed } = part as { type?: string; name?: string; computed?: boolean }
  if (type === 'Identifier' && name !== undefined) found.add(name)
  for (const [key, inner] of Object.entries(part)) {
    if ((key === 'property' || key === 'key') && computed === false) continue
    identifiers(inner, found)
  }
  return found
}
