import { region, words } from './index.svelte'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** How long ago something was, as people say it: "5 minutes ago", "yesterday", "3 March". Reactive. */
export function timeAgo(at: Date, now: number): string {
  const tag = region()
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })
  const age = now - at.getTime()
  if (age < minute) return words().common.justNow // a clock ahead of ours is no reason to speak of the future
  if (age < hour) return relative.format(-Math.floor(age / minute), 'minute')
  const nights = Math.round((startOfDay(now) - startOfDay(at.getTime())) / day)
  if (nights === 0) return relative.format(-Math.floor(age / hour), 'hour')
  if (nights < 7) return relative.format(-nights, 'day')
  const sameYear = at.getFullYear() === new Date(now).getFullYear()
  return new Intl.DateTimeFormat(tag, {
    day: 'numeric',
    month: 'long',
    ...(!sameYear && { year: 'numeric' }),
  }).format(at)
}

/** A moment in full, for who points at a time. Reactive. */
export function fullTime(at: Date): string {
  const style = { dateStyle: 'long', timeStyle: 'short' } as const
  return new Intl.DateTimeFormat(region(), style).format(at)
}

/** A day in full. Reactive. */
export function fullDate(at: Date): string {
  return new Intl.DateTimeFormat(region(), { dateStyle: 'full' }).format(at)
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0)
}
