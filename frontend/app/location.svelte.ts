import { parse, type Route } from './router'

let current = $state.raw<Route>(parse(location))

/** The route of the page's address. Reactive. */
export function route(): Route {
  return current
}

/** Goes to an address within the app without loading the page anew. */
export function navigate(href: string): void {
  history.pushState(null, '', href)
  addressChanged()
}

/** To be called when the browser has changed the address by itself (back, forward). */
export function addressChanged(): void {
  current = parse(location)
}
