/** What the SDK takes from the world around it, so that tests and Node can give their own. */
export interface Environment {
  /** Opens a WebSocket. */
  connect(url: string, subprotocol: string, events: SocketEvents): Socket
  now(): number
  /** From 0 up to 1. */
  random(): number
  setTimeout(callback: () => void, ms: number): unknown
  clearTimeout(timer: unknown): void
  /** Calls back when the network or the page comes back. Returns how to stop that. */
  onWake(callback: () => void): () => void
  /** Calls back when the page is put away, perhaps for good. Returns how to stop that. */
  onHide(callback: () => void): () => void
}

export interface SocketEvents {
  opened(): void
  received(data: string): void
  closed(code: number, reason: string): void
}

export interface Socket {
  send(data: string): void
  close(code: number): void
}

export const browser: Environment = {
  connect(url, subprotocol, events) {
    const socket = new WebSocket(url, subprotocol)
    socket.onopen = () => events.opened()
    socket.onmessage = ({ data }) => events.received(String(data))
    socket.onclose = ({ code, reason }) => events.closed(code, reason)
    return socket
  },
  now: () => Date.now(),
  random: () => Math.random(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer as number),
  onWake(callback) {
    // Outside a page (Node, a worker) there is nothing that wakes.
    if (typeof document === 'undefined') return () => undefined
    const onVisible = () => {
      if (document.visibilityState === 'visible') callback()
    }
    addEventListener('online', callback)
    addEventListener('offline', callback)
    document.addEventListener('visibilitychange', onVisible)
    return () => {
      removeEventListener('online', callback)
      removeEventListener('offline', callback)
      document.removeEventListener('visibilitychange', onVisible)
    }
  },
  onHide(callback) {
    if (typeof document === 'undefined') return () => undefined
    const onHidden = () => {
      if (document.visibilityState === 'hidden') callback()
    }
    addEventListener('pagehide', callback)
    document.addEventListener('visibilitychange', onHidden)
    return () => {
      removeEventListener('pagehide', callback)
      document.removeEventListener('visibilitychange', onHidden)
    }
  },
}
