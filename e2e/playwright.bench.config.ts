import { defineConfig } from '@playwright/test'
import tests from './playwright.config.ts'

/** Measures the app in the browser. Figures are printed, not judged: they depend on the machine. */
export default defineConfig(tests, {
  testDir: './bench',
  testMatch: '*.bench.ts',
  workers: 1,
  timeout: 300_000,
})
