/** What is kept here follows the person: it is sent when they are back, and goes when they leave. */
import type { Self } from '../account/self.svelte'
import { mayStore } from './database'
import { forgetSaved } from './kept'
import { sendLeftovers } from './leftovers'
import { reconnectAll } from './live.svelte'

/** To be called with who one is, whenever that changes. */
export function comeBack(self: Self): void {
  if (self.state === 'in') reconnectAll()
  if (!mayStore()) return
  if (self.state === 'in' || self.state === 'open') sendLeftovers()
  if (self.state === 'stranger' && self.left) {
    forgetSaved().catch((error: unknown) => {
      console.error('tutti: what is stored could not be forgotten', error)
    })
  }
}
