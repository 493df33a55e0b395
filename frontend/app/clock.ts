import { createSubscriber } from 'svelte/reactivity'

const tick = createSubscriber((update) => {
  const timer = setInterval(update, 20_000)
  return () => clearInterval(timer)
})

/** The time now, in milliseconds. Reactive: who reads it is told as it goes by. */
export function now(): number {
  tick()
  return Date.now()
}
