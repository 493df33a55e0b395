import type Delta from 'quill-delta'

/** Edits of one person in quick succession are one to them. */
const togetherFor = 1_000
const most = 200

interface Stacks {
  readonly undo: Delta[]
  readonly redo: Delta[]
}

/** Takes back a person's own edits, whatever the others have written since. */
export class Undo {
  readonly #stacks: Stacks = { undo: [], redo: [] }
  #last = -Infinity

  /** Takes note of what would take an edit back. */
  record(inverse: Delta, now = Date.now()): void {
    const { undo, redo } = this.#stacks
    redo.length = 0
    const before = now - this.#last < togetherFor ? undo.pop() : undefined
    undo.push(before ? inverse.compose(before) : inverse)
    if (undo.length > most) undo.shift()
    this.#last = now
  }

  /** Carries what could be taken back over a change by somebody else. */
  carry(change: Delta): void {
    for (const stack of [this.#stacks.undo, this.#stacks.redo]) {
      let over = change
      for (let at = stack.length - 1; at >= 0; at--) {
        const item = stack[at] as Delta
        const carried = over.transform(item, true)
        over = item.transform(over, false)
        if (carried.ops.length > 0) stack[at] = carried
        else stack.splice(at, 1)
      }
    }
  }

  /** What to apply to take back, or to do again; `content` is that which it applies to. */
  take(which: keyof Stacks, content: Delta): Delta | null {
    const change = this.#stacks[which].pop()
    if (!change) return null
    this.#stacks[which === 'undo' ? 'redo' : 'undo'].push(change.invert(content))
    this.#last = -Infinity
    return change
  }

  clear(): void {
    this.#stacks.undo.length = this.#stacks.redo.length = 0
  }
}
