import base from './playwright.config.ts'
export default { ...base, testDir: '/work/wt/app/e2e', testMatch: 'shot.tmp.ts' }
