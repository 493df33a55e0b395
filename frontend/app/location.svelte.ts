import { parse, type Route } from './router'

let current = $state.raw<Route>(parse(location))

/** The route of the page's address. Reactive. */
export function route(): Route {
  return current
}

/** Goes to an address within the app without loading the page anew; `replace` leaves no way back to the one before. */
export function navigate(href: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', href)
  else history.pushState(null, '', href)
  addressChanged()
}

/** To be called when the browser has changed the address by itself (back, forward). */
export function addressChanged(): void {
  current = parse(location)
}
