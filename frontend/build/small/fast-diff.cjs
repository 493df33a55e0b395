/**
 * Stands in for fast-diff in the app's build, by which quill-delta finds what
 * changed: smaller, and never long at it. Where two texts differ in more than
 * `most` places it says that the one was replaced by the other.
 */
const most = 400

const [deletion, equal, insertion] = [-1, 0, 1]

/** `cursor` is where the caret was: in “aaa” it tells which “a” is the new one. */
function diff(before, after, cursor) {
  if (before === after) return before ? [[equal, before]] : []
  const start = prefix(before, after)
  const hinted = hint(cursor)
  if (hinted < start) {
    const end = suffix(before, after, hinted)
    // One piece was put in or taken out just there: else the hint is of no use.
    if (Math.min(before.length, after.length) - hinted - end === 0) {
      return parts(before, after, hinted, end)
    }
  }
  return parts(before, after, start, suffix(before, after, start))
}

function hint(cursor) {
  if (typeof cursor === 'number') return cursor
  if (!cursor) return Infinity
  return Math.min(cursor.oldRange.index, cursor.newRange.index)
}

function parts(before, after, start, end) {
  const [from, to] = [
    before.slice(start, before.length - end),
    after.slice(start, after.length - end),
  ]
  const middle =
    from && to
      ? (shortest([...from], [...to]) ?? [
          [deletion, from],
          [insertion, to],
        ])
      : [
          [deletion, from],
          [insertion, to],
        ]
  const all = [
    [equal, before.slice(0, start)],
    ...middle,
    [equal, before.slice(before.length - end)],
  ]
  return all.filter(([, text]) => text !== '')
}

/** The way of fewest steps from one list of characters to the other, after Myers; null if too long. */
function shortest(from, to) {
  const furthest = new Map([[1, 0]])
  const trail = []
  for (let steps = 0; steps <= most; steps++) {
    trail.push(new Map(furthest))
    for (let diagonal = -steps; diagonal <= steps; diagonal += 2) {
      let at = goesDown(furthest, diagonal, steps)
        ? (furthest.get(diagonal + 1) ?? 0)
        : (furthest.get(diagonal - 1) ?? 0) + 1
      while (at < from.length && at - diagonal < to.length && from[at] === to[at - diagonal]) at++
      furthest.set(diagonal, at)
      if (at >= from.length && at - diagonal >= to.length) return walkBack(from, to, trail)
    }
  }
  return null
}

function goesDown(furthest, diagonal, steps) {
  if (diagonal === -steps) return true
  return diagonal !== steps && (furthest.get(diagonal - 1) ?? 0) < (furthest.get(diagonal + 1) ?? 0)
}

function walkBack(from, to, trail) {
  const found = []
  const add = (kind, text) => {
    const last = found.at(-1)
    if (last?.[0] === kind) last[1] = text + last[1]
    else found.push([kind, text])
  }
  let [x, y] = [from.length, to.length]
  for (let steps = trail.length - 1; steps >= 0; steps--) {
    const furthest = trail[steps]
    const diagonal = x - y
    const isDown = goesDown(furthest, diagonal, steps)
    const previous = furthest.get(isDown ? diagonal + 1 : diagonal - 1) ?? 0
    const beforeY = previous - (isDown ? diagonal + 1 : diagonal - 1)
    while (x > previous && y > beforeY && x > 0 && y > 0 && from[x - 1] === to[y - 1]) {
      add(equal, from[--x])
      y--
    }
    if (steps === 0) break
    if (isDown) add(insertion, to[--y])
    else add(deletion, from[--x])
  }
  return found.reverse()
}

const isHigh = (text, at) => /[\uD800-\uDBFF]/.test(text.charAt(at))
const isLow = (text, at) => /[\uDC00-\uDFFF]/.test(text.charAt(at))

/** How much two texts have in common at the start, no character cut. */
function prefix(a, b) {
  const most = Math.min(a.length, b.length)
  let at = 0
  while (at < most && a[at] === b[at]) at++
  return at > 0 && isHigh(a, at - 1) && (isLow(a, at) || isLow(b, at)) ? at - 1 : at
}

/** And at the end, behind the first `start` units. */
function suffix(a, b, start) {
  const most = Math.min(a.length, b.length) - start
  let count = 0
  while (count < most && a.at(-1 - count) === b.at(-1 - count)) count++
  const [inA, inB] = [a.length - count, b.length - count]
  return count > 0 && isLow(a, inA) && (isHigh(a, inA - 1) || isHigh(b, inB - 1))
    ? count - 1
    : count
}

module.exports = diff
Object.assign(diff, { DELETE: deletion, INSERT: insertion, EQUAL: equal })
