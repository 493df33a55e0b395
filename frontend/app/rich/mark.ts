import type Delta from 'quill-delta'
import type Quill from 'quill/core'

/** A place in the text that stays with it while people write. */
export class Mark {
  index: number
  length: number
  readonly release: () => void

  constructor(quill: Quill, index: number, length = 0) {
    this.index = index
    this.length = length
    const move = (change: Delta) => {
      const end = change.transformPosition(this.index + this.length)
      this.index = change.transformPosition(this.index)
      this.length = Math.max(0, end - this.index)
    }
    quill.on('text-change', move)
    this.release = () => quill.off('text-change', move)
  }
}
