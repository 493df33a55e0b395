/**
 * Stands in for lodash.clonedeep in the app's build: quill-delta copies each op that
 * it pushes with it. Ops are JSON, and they are pushed at every keystroke.
 */
module.exports = function cloneDeep(value) {
  if (typeof value !== 'object' || !value) return value
  if (Array.isArray(value)) return value.map(cloneDeep)
  const clone = {}
  for (const key of Object.keys(value)) clone[key] = cloneDeep(value[key])
  return clone
}
