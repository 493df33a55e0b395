/**
 * Stands in for lodash.isequal in the app's build: quill-delta compares attributes
 * and embeds with it, which are JSON, and lodash's is 4 KB of everything else.
 */
module.exports = function isEqual(a, b) {
  if (a === b || (a !== a && b !== b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]))
  )
}
