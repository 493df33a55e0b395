import { region } from '../words/index.svelte'

const day = 24 * 60 * 60_000

/** The day of a moment as a heading: "Today", "Yesterday", "Monday, 2 March". Reactive, as all here. */
export function dayLabel(at: Date, now: number): string {
  const tag = region()
  const ago = Math.round((startOfDay(now) - startOfDay(at.getTime())) / day)
  if (ago === 0 || ago === 1) {
    const label = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }).format(-ago, 'day')
    return label.charAt(0).toLocaleUpperCase(tag) + label.slice(1)
  }
  const sameYear = at.getFullYear() === new Date(now).getFullYear()
  return new Intl.DateTimeFormat(tag, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(!sameYear && { year: 'numeric' }),
  }).format(at)
}

/** The time of a session: "10:04", or "10:04 – 10:31" where it took a while. */
export function sessionTime(from: Date, to: Date): string {
  const format = new Intl.DateTimeFormat(region(), { timeStyle: 'short' })
  return format.formatRange(from, to)
}

/** A moment in a list that has no day headings. */
export function shortTime(at: Date): string {
  const sameYear = at.getFullYear() === new Date().getFullYear()
  return new Intl.DateTimeFormat(region(), {
    day: 'numeric',
    month: 'short',
    ...(!sameYear && { year: 'numeric' }),
    hour: 'numeric',
    minute: '2-digit',
  }).format(at)
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0)
}
