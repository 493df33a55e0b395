import katex from 'katex'
import 'katex/dist/katex.min.css'

/** Sets the TeX that an element holds. What cannot be set stays as it is, with the reason. */
export function set(formula: HTMLElement): void {
  const tex = formula.textContent
  katex.render(tex, formula, {
    displayMode: formula.classList.contains('display'),
    throwOnError: false,
    trust: false,
    maxSize: 50,
    maxExpand: 500,
    errorColor: 'var(--bad)',
  })
}
