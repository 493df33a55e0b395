import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

/** The Go server that `npm run dev` talks to. */
const server = process.env['TUTTI_SERVER'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  root: 'app',
  plugins: [svelte({ configFile: false })],
  build: {
    // app/public holds an empty .gitkeep, so that each build puts back the one
    // that git tracks in dist (Go cannot embed a folder that is not there).
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    // The server's policy allows no inline script and no data: URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: { '/api': { target: server, ws: true } },
  },
  test: {
    root: '.',
    include: ['{app,client}/**/*.test.ts'],
    environment: 'node',
  },
})
