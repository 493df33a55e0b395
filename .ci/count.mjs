// Adds up the results that the test runners left in a folder, and ends with
// the line that CI reads.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const total = { passed: 0, failed: 0, skipped: 0 };
let flaky = 0;

const readers = {
  // go test -json: an event a line; those without a test are about packages.
  go: (text) => {
    const outcome = { pass: 'passed', fail: 'failed', skip: 'skipped' };
    for (const line of text.split('\n').filter(Boolean)) {
      const event = JSON.parse(line);
      if (event.Test && outcome[event.Action]) total[outcome[event.Action]]++;
    }
  },
  vitest: (text) => {
    const report = JSON.parse(text);
    total.passed += report.numPassedTests;
    total.failed += report.numFailedTests;
    total.skipped += report.numPendingTests + report.numTodoTests;
  },
  playwright: (text) => {
    const { stats } = JSON.parse(text);
    total.passed += stats.expected + stats.flaky;
    total.failed += stats.unexpected;
    flaky += stats.flaky; // They passed at the second attempt; Playwright has named them above.
    total.skipped += stats.skipped;
  },
};
const kinds = { 'go.json': 'go', 'e2e.json': 'go', 'sim.json': 'go', 'frontend.json': 'vitest', 'browser.json': 'playwright' };

for (const file of readdirSync(folder)) {
  readers[kinds[file]](readFileSync(join(folder, file), 'utf8'));
}
if (flaky > 0) console.log(`${flaky} of them only at the second attempt`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
