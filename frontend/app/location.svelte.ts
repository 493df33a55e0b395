import { parse, type Route } from './router'

let current = $state.raw<Route>(arrive())

/** The route of the page's address. Reactive. */
export function route(): Route {
  return current
}

/** The page's address, to come back to. */
export function here(): string {
  return location.pathname + location.search
}

/** Goes to an address within the app without loading the page anew; `replace` leaves no way back to the one before. */
export function navigate(href: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', href)
  else history.pushState(null, '', href)
  addressChanged()
}

/** To be called when the browser has changed the address by itself (back, forward). */
export function addressChanged(): void {
  current = arrive()
}

/** A secret leaves the address at once: the next screenshot, bookmark or copy would give it away. */
function arrive(): Route {
  const route = parse(location)
  if (route.page === 'join') history.replaceState(null, '', location.pathname + location.search)
  if (route.page === 'redeem' && route.secret) history.replaceState(null, '', '/?redeem')
  return route
}
