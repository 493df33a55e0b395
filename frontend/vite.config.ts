import { svelte } from '@sveltejs/vite-plugin-svelte'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { late } from './build/late'
import { shell } from './build/shell'

/** The Go server that `npm run dev` talks to. */
const server = process.env['TUTTI_SERVER'] ?? 'http://127.0.0.1:8080'

/** What no text is edited without. */
const base =
  /node_modules\/(@codemirror\/(state|view|language|commands)|@lezer\/common|style-mod|w3c-keyname|crelt|@marijn\/find-cluster-break)\//

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

export default defineConfig({
  root: 'app',
  plugins: [
    svelte({ configFile: false }),
    shell(),
    late({
      '@codemirror/view': [
        ...['closeHoverTooltip', 'closeHoverTooltips', 'getTooltip', 'hasHoverTooltips'],
        ...['hoverTooltip', 'activateHover', 'repositionTooltips', 'showTooltip', 'tooltips'],
        ...['getDialog', 'getPanel', 'panels', 'showDialog', 'showPanel'],
        ...['gutter', 'gutterLineClass', 'gutterWidgetClass', 'gutters', 'GutterMarker'],
        ...['highlightActiveLineGutter', 'lineNumberMarkers', 'lineNumberWidgetMarker'],
        ...['lineNumbers', 'crosshairCursor', 'rectangularSelection', 'highlightActiveLine'],
        ...['drawSelection', 'getDrawSelectionConfig', 'dropCursor', 'highlightSpecialChars'],
        ...['MatchDecorator', 'RectangleMarker', 'layer', 'placeholder', '__test'],
        ...['highlightTrailingWhitespace', 'highlightWhitespace', 'scrollPastEnd'],
      ],
      '@codemirror/language': [
        ...['StreamLanguage', 'bracketMatching', 'bracketMatchingHandle'],
        ...['codeFolding', 'foldAll', 'foldCode', 'foldEffect', 'foldGutter', 'foldKeymap'],
        ...['foldState', 'foldable', 'foldedRanges', 'toggleFold', 'unfoldAll', 'unfoldCode'],
        ...['unfoldEffect', 'foldInside', 'indentOnInput', 'indentRange', 'forceParsing'],
        ...['continuedIndent', 'delimitedIndent', 'flatIndent', 'ensureSyntaxTree'],
        ...[
          'HighlightStyle',
          'syntaxHighlighting',
          'LRLanguage',
          'syntaxTreeAvailable',
          'defaultHighlightStyle',
          'highlightingFor',
        ],
      ],
    }),
  ],
  resolve: {
    // What quill-delta uses of lodash, without the 7 KB that it does not.
    alias: [
      { find: 'fast-diff', replacement: path('./build/small/fast-diff.cjs') },
      { find: 'lodash.clonedeep', replacement: path('./build/small/clonedeep.cjs') },
      { find: 'lodash.isequal', replacement: path('./build/small/isequal.cjs') },
      // What each icon of @lucide/svelte imports.
      { find: /^\.\.\/Icon\.svelte$/, replacement: path('./build/Icon.svelte') },
    ],
  },
  build: {
    // app/public holds an empty .gitkeep, so that each build puts back the one
    // that git tracks in dist (Go cannot embed a folder that is not there).
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    // The server's policy allows no inline script and no data: URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // One file packs better than four that are always loaded together.
          includeDependenciesRecursively: false,
          groups: [
            {
              name: 'codemirror',
              test: (id: string) => base.test(id) && !id.endsWith('?late'),
            },
            { name: 'base', tags: ['$initial'] },
            {
              name: 'text',
              test: /app\/(editor\/(setup|theme|bidi))\.ts|client\/(codemirror|cursors|changes)\.ts/,
            },
          ],
        },
      },
      treeshake: {
        // The first defines a class for Svelte's custom elements, of which there are none.
        moduleSideEffects: [
          { test: /svelte\/.*\/custom-element\.js$/, sideEffects: false },
          { test: /@lezer\/highlight\//, sideEffects: false },
        ],
      },
    },
  },
  server: {
    proxy: { '/api': { target: server, ws: true } },
  },
  test: {
    root: '.',
    include: ['{app,client,build}/**/*.test.ts'],
    environment: 'node',
    setupFiles: 'app/words/all.setup.ts',
  },
})
