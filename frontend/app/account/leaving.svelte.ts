let leaving = $state(false)

/** Whether the person is signing out. Reactive. */
export function isLeaving(): boolean {
  return leaving
}

/** Signs out, after asking where something has not reached the server. */
export function leave(start = true): void {
  leaving = start
}
