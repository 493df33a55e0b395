type Handler<T> = (value: T) => void

/** Typed events whose handlers cannot break the one who emits. */
export class Events<Map> {
  readonly #handlers: { [Name in keyof Map]?: Set<Handler<Map[Name]>> } = {}

  on<Name extends keyof Map>(name: Name, handler: Handler<Map[Name]>): () => void {
    const handlers = (this.#handlers[name] ??= new Set())
    // Wrapped, so that one function given twice is called, and taken away, twice.
    const own: Handler<Map[Name]> = (value) => handler(value)
    handlers.add(own)
    return () => handlers.delete(own)
  }

  emit<Name extends keyof Map>(name: Name, value: Map[Name]): void {
    for (const handler of [...(this.#handlers[name] ?? [])]) {
      try {
        handler(value)
      } catch (error) {
        console.error(`tutti: a handler of '${String(name)}' failed`, error)
      }
    }
  }
}
