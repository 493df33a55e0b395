/** Has the browser keep the app itself, so that it opens without a network. */
export function keepApp(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  // Without it the app works as ever, while there is a network.
  navigator.serviceWorker.register('/sw.js').catch((error: unknown) => {
    console.warn('tutti: the app will not open offline', error)
  })
}
