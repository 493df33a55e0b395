import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** The examples, built as others would build theirs, and served beside the app. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^tutti-client$/, replacement: path('./client/index.ts') },
      { find: /^tutti-client\//, replacement: path('./client/') },
    ],
  },
  publicDir: false,
  build: {
    outDir: 'dist',
    // The app is there already.
    emptyOutDir: false,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ['codemirror', 'quill', 'textarea'].map((name) => path(`./examples/${name}.html`)),
    },
  },
})
