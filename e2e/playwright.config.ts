import { defineConfig } from '@playwright/test'

// The browser is the system's: none is downloaded. It reaches this machine and
// nothing else.
export default defineConfig({
  testDir: './browser',
  outputDir: './test-results',
  forbidOnly: !!process.env['CI'],
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // Once more, with a trace. A test that needs it is counted and named as flaky.
  retries: 1,
  reporter: 'list',
  use: {
    browserName: 'chromium',
    locale: 'en-GB',
    viewport: { width: 1100, height: 700 },
    screenshot: 'only-on-failure',
    trace: 'on-first-retry',
    launchOptions: {
      executablePath: process.env['TUTTI_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
      ],
    },
  },
})
