import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/**
 * The SDK as a package for others, in client/dist. What it is used with, they
 * have themselves, and two of it in one page would not know each other.
 */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'client/dist',
    target: 'es2022',
    minify: false,
    sourcemap: true,
    lib: {
      formats: ['es'],
      entry: Object.fromEntries(
        ['index', 'codemirror', 'quill', 'textarea'].map((name) => [
          name,
          path(`./client/${name}.ts`),
        ]),
      ),
    },
    rolldownOptions: { external: [/^@codemirror\//, /^quill/] },
  },
})
