/** The carets and selections of the others, drawn into a CodeMirror editor. */
import { StateEffect, StateField, type Extension, type Range } from '@codemirror/state'
import {
  Decoration,
  EditorView,
  ViewPlugin,
  WidgetType,
  type DecorationSet,
  type ViewUpdate,
} from '@codemirror/view'
import type { Person } from './wire'

/** Says who is there now, with cursors in the document as the transaction leaves it. */
export const showPeople = StateEffect.define<readonly Person[]>()

/** Shows the name of a session's person at their caret again. */
export const showName = StateEffect.define<string>()

interface Caret {
  readonly session: string
  readonly name: string
  readonly color: string
  readonly anchor: number
  readonly head: number
  /** How often the person went somewhere: each time the name is shown again. */
  readonly moves: number
  /** Above the first line there is no room for a name. */
  readonly isOnFirstLine: boolean
}

const carets = StateField.define<readonly Caret[]>({
  create: () => [],
  update(carets, { changes, effects, newDoc }) {
    const place = (position: number) => Math.min(position, newDoc.length)
    const firstLineEnd = newDoc.line(1).to
    const mapped =
      changes.empty || carets.length === 0
        ? carets
        : carets.map((caret) => {
            // As the server does: what others insert at a caret goes behind it.
            const [anchor, head] = [
              changes.mapPos(caret.anchor, -1),
              changes.mapPos(caret.head, -1),
            ]
            return { ...caret, anchor, head, isOnFirstLine: head <= firstLineEnd }
          })
    const people = effects.findLast((effect) => effect.is(showPeople))?.value
    if (!people) {
      const named = effects.find((effect) => effect.is(showName))?.value
      if (named === undefined) return mapped
      return mapped.map((caret) =>
        caret.session === named ? { ...caret, moves: caret.moves + 1 } : caret,
      )
    }
    return people.flatMap(({ session, name, color, cursor }) => {
      if (!cursor) return []
      const [anchor, head] = [place(cursor.anchor), place(cursor.head)]
      const before = mapped.find((caret) => caret.session === session)
      const hasMoved = before?.head !== head || before.anchor !== anchor
      const moves = (before?.moves ?? 0) + (hasMoved ? 1 : 0)
      return { session, name, color, anchor, head, moves, isOnFirstLine: head <= firstLineEnd }
    })
  },
  provide: (field) => EditorView.decorations.from(field, decorate),
})

function decorate(carets: readonly Caret[]): DecorationSet {
  const ranges: Range<Decoration>[] = []
  for (const caret of carets) {
    const { anchor, head, color } = caret
    if (anchor !== head) {
      const selection = Decoration.mark({
        class: 'cm-tutti-selection',
        attributes: { style: `--tutti-color: ${color}` },
      })
      ranges.push(selection.range(Math.min(anchor, head), Math.max(anchor, head)))
    }
    ranges.push(Decoration.widget({ widget: new CaretWidget(caret), side: 1 }).range(head))
  }
  return Decoration.set(ranges, true)
}

class CaretWidget extends WidgetType {
  readonly #caret: Caret

  constructor(caret: Caret) {
    super()
    this.#caret = caret
  }

  override eq(other: CaretWidget): boolean {
    const [a, b] = [this.#caret, other.#caret]
    return (
      a.session === b.session &&
      a.moves === b.moves &&
      a.name === b.name &&
      a.color === b.color &&
      a.isOnFirstLine === b.isOnFirstLine
    )
  }

  /** Hidden from screen readers: names within the text would be read as part of it. */
  override toDOM(): HTMLElement {
    const { name, color, isOnFirstLine } = this.#caret
    const caret = document.createElement('span')
    caret.className = 'cm-tutti-caret'
    caret.ariaHidden = 'true'
    caret.style.setProperty('--tutti-color', color)
    const flag = caret.appendChild(document.createElement('span'))
    flag.className = isOnFirstLine ? 'cm-tutti-flag cm-tutti-flag-below' : 'cm-tutti-flag'
    flag.style.color = isDark(color) ? '#fff' : '#000'
    flag.dir = 'auto'
    flag.textContent = name
    return caret
  }

  override ignoreEvent(): boolean {
    return true
  }
}

/** Shifts the names that would be cut off at an edge of the editor into it. */
const flags = ViewPlugin.define((view) => {
  const measure = {
    key: 'tutti-flags',
    read: () =>
      [...view.contentDOM.querySelectorAll<HTMLElement>('.cm-tutti-flag')].map((flag) => {
        const edges = view.scrollDOM.getBoundingClientRect()
        const { left, right } = flag.getBoundingClientRect()
        const before = parseFloat(flag.style.translate) || 0
        const over = Math.min(0, edges.right - 2 - (right - before))
        const under = Math.max(0, edges.left + 2 - (left - before))
        // Beyond the edge itself, a caret takes its name along.
        const shift = Math.abs(over || under) <= right - left ? over || under : 0
        return { flag, shift }
      }),
    write: (shifts: { flag: HTMLElement; shift: number }[]) => {
      for (const { flag, shift } of shifts) flag.style.translate = shift ? `${shift}px` : ''
    },
  }
  const hasMoved = ({ startState, state, geometryChanged, viewportChanged }: ViewUpdate) =>
    startState.field(carets) !== state.field(carets) || geometryChanged || viewportChanged
  return {
    update(update) {
      if (update.state.field(carets).length > 0 && hasMoved(update)) view.requestMeasure(measure)
    },
  }
})

/** Whether white is easier to read on a colour than black, by the weights of WCAG's luminance. */
function isDark(color: string): boolean {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179
}

const theme = EditorView.baseTheme({
  '.cm-tutti-selection': {
    backgroundColor: 'color-mix(in srgb, var(--tutti-color) 25%, transparent)',
  },
  '.cm-tutti-caret': {
    position: 'relative',
    marginInline: '-1px',
    borderInlineStart: '2px solid var(--tutti-color)',
    pointerEvents: 'none',
  },
  '.cm-tutti-flag': {
    position: 'absolute',
    bottom: '100%',
    insetInlineStart: '-2px',
    zIndex: '5',
    padding: '0 0.3em',
    borderRadius: '3px 3px 3px 0',
    backgroundColor: 'var(--tutti-color)',
    font: '600 0.75rem/1.4 system-ui, sans-serif',
    whiteSpace: 'nowrap',
    userSelect: 'none',
    animation: 'cm-tutti-fade 3s forwards',
  },
  '.cm-tutti-flag-below': {
    bottom: 'auto',
    top: '100%',
    borderRadius: '0 3px 3px 3px',
  },
  '@keyframes cm-tutti-fade': {
    '0%, 70%': { opacity: '1' },
    '100%': { opacity: '0' },
  },
})

export const cursors: Extension = [carets, flags, theme]
