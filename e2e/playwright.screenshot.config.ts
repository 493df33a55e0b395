import { defineConfig } from '@playwright/test'
import tests from './playwright.config.ts'

/** Makes the picture in the README: not a test, so not among them. */
export default defineConfig(tests, { testDir: './screenshot', testMatch: '{gallery,readme}.ts' })
