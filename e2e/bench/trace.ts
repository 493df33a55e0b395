import type { Browser, Page } from '@playwright/test'

interface Event {
  name: string
  ph: string
  ts: number
  dur?: number
  /** What of it the thread was running, in µs: all else is other work of the machine. */
  tdur?: number
  pid: number
  tid: number
  args: { data?: { type?: string } }
}

/** How long the main thread ran for each keystroke, in ms, from Chromium's own trace. */
export async function traceKeys(browser: Browser, page: Page, run: () => Promise<void>) {
  await browser.startTracing(page, {
    categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel'],
  })
  await run()
  const trace = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: Event[]
  }
  const events = trace.traceEvents.filter(({ ph }) => ph === 'X')
  const keys = events.filter(
    ({ name, args }) =>
      name === 'EventDispatch' && /^(keydown|keypress|input)$/.test(args.data?.type ?? ''),
  )
  const tasks = events.filter(
    ({ name }) => name === 'RunTask' || name === 'ThreadControllerImpl::RunTask',
  )
  const frames = events.filter(({ name }) =>
    /^(UpdateLayoutTree|Layout|PrePaint|Paint|Layerize|Commit)$/.test(name),
  )
  const keydowns = keys.filter(({ args }) => args.data?.type === 'keydown')

  return keydowns.map((key, index) => {
    const until = keydowns[index + 1]?.ts ?? Infinity
    const here = (event: Event) => event.pid === key.pid && event.tid === key.tid
    const task = tasks.find(
      (task) =>
        here(task) && task.ts <= key.ts && task.ts + (task.dur ?? 0) >= key.ts + (key.dur ?? 0),
    )
    const end = task ? task.ts + (task.dur ?? 0) : key.ts
    // The letter is on the screen after the next frame is laid out and painted.
    const frame = frames.filter(
      (event) => here(event) && event.ts >= end && event.ts < Math.min(until, end + 40_000),
    )
    const painting = frame.reduce((sum, event) => sum + cost(event), 0)
    return {
      handling: cost(task ?? key) / 1000,
      painting: painting / 1000,
    }
  })
}

const cost = ({ tdur, dur = 0 }: Event) => tdur ?? dur

export function summary(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (part: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN).toFixed(1)
  return `median ${at(0.5)}, 95 % ${at(0.95)}, most ${at(1)} ms (${sorted.length})`
}
