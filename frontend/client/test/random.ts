/** Seeded randomness (mulberry32), so that a failing run can be run again. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** From 0 up to 1. */
  next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** An integer from 0 up to `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }
}

/** The seeds that a random test runs: `TUTTI_SEEDS` many, or as many as CI has time for. */
export function seeds(count: number): number[] {
  const from = Number(process.env['TUTTI_SEED'] ?? 1)
  return Array.from({ length: Number(process.env['TUTTI_SEEDS'] ?? count) }, (_, i) => from + i)
}
