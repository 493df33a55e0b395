import type { LanguageSupport } from '@codemirror/language'

/** A language that a text document can be written in. */
export interface Language {
  /** As it stands in the document's `language`. */
  id: string
  label: string
  /** Other names for it, as people write them behind the fence of a code block. */
  alias?: string[]
  /** Loads its parser: each is a chunk of its own. None where there is nothing to parse. */
  load?: () => Promise<LanguageSupport>
}

export const languages: readonly Language[] = [
  {
    id: 'markdown',
    label: 'Markdown',
    alias: ['md'],
    load: async () => (await import('./editor/markdown')).support(),
  },
  { id: 'plain', label: 'Plain text' },
  {
    id: 'cpp',
    label: 'C / C++',
    alias: ['c', 'c++'],
    load: async () => (await import('@codemirror/lang-cpp')).cpp(),
  },
  { id: 'css', label: 'CSS', load: async () => (await import('@codemirror/lang-css')).css() },
  {
    id: 'go',
    label: 'Go',
    alias: ['golang'],
    load: async () => (await import('@codemirror/lang-go')).go(),
  },
  { id: 'html', label: 'HTML', load: async () => (await import('@codemirror/lang-html')).html() },
  { id: 'java', label: 'Java', load: async () => (await import('@codemirror/lang-java')).java() },
  {
    id: 'javascript',
    label: 'JavaScript',
    alias: ['js', 'jsx'],
    load: async () => (await import('@codemirror/lang-javascript')).javascript({ jsx: true }),
  },
  { id: 'json', label: 'JSON', load: async () => (await import('@codemirror/lang-json')).json() },
  {
    id: 'python',
    label: 'Python',
    alias: ['py'],
    load: async () => (await import('@codemirror/lang-python')).python(),
  },
  {
    id: 'rust',
    label: 'Rust',
    alias: ['rs'],
    load: async () => (await import('@codemirror/lang-rust')).rust(),
  },
  { id: 'sql', label: 'SQL', load: async () => (await import('@codemirror/lang-sql')).sql() },
  {
    id: 'typescript',
    label: 'TypeScript',
    alias: ['ts', 'tsx'],
    load: async () =>
      (await import('@codemirror/lang-javascript')).javascript({ jsx: true, typescript: true }),
  },
  {
    id: 'yaml',
    label: 'YAML',
    alias: ['yml'],
    load: async () => (await import('@codemirror/lang-yaml')).yaml(),
  },
]

/** The language of a name, its own or another; undefined for one that we do not know. */
export function findLanguage(name: string): Language | undefined {
  const wanted = name.toLowerCase()
  return languages.find((language) => language.id === wanted || language.alias?.includes(wanted))
}

/** Whether text in a language reads as prose: wrapped lines, a comfortable width, no line numbers. */
export function isProse(name: string): boolean {
  const id = findLanguage(name)?.id ?? 'plain'
  return id === 'markdown' || id === 'plain'
}
