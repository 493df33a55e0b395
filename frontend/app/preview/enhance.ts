/** What is added to rendered Markdown when it is there: colours of code, formulas, diagrams. */
import { highlightTree } from '@lezer/highlight'
import { highlight } from '../editor/highlighter'
import { findLanguage } from '../languages'
import { words } from '../words/index.svelte'

/** Begins to add what the element asks for, each kind loaded when it is first met. */
export async function enhance(element: HTMLElement): Promise<void> {
  const parts: Promise<void>[] = []
  for (const code of element.querySelectorAll<HTMLElement>('pre > code[class*=language-]')) {
    const name = /language-(\S+)/.exec(code.className)?.[1] ?? ''
    parts.push(name === 'mermaid' ? drawDiagram(code) : colour(code, name))
  }
  const formulas = [...element.querySelectorAll<HTMLElement>('.math')]
  if (formulas.length > 0) parts.push(setFormulas(formulas))
  await Promise.all(parts)
}

async function colour(code: HTMLElement, name: string): Promise<void> {
  const support = await findLanguage(name)
    ?.load?.()
    .catch(() => undefined)
  if (!support) return
  const text = code.textContent
  const coloured = document.createDocumentFragment()
  let at = 0
  highlightTree(support.language.parser.parse(text), highlight, (from, to, classes) => {
    coloured.append(text.slice(at, from))
    const span = document.createElement('span')
    span.className = classes
    span.textContent = text.slice(from, to)
    coloured.append(span)
    at = to
  })
  coloured.append(text.slice(at))
  code.replaceChildren(coloured)
}

async function setFormulas(formulas: readonly HTMLElement[]): Promise<void> {
  const maths = await import('./maths').catch(() => undefined)
  for (const formula of formulas) {
    if (maths) maths.set(formula)
    else formula.title = words().preview.partNotLoaded
  }
}

async function drawDiagram(code: HTMLElement): Promise<void> {
  const place = code.parentElement
  if (!place) return
  const figure = document.createElement('figure')
  try {
    const { draw } = await import('./diagrams')
    const picture = await draw(code.textContent)
    figure.append(picture)
    place.replaceWith(figure)
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''
    const note = document.createElement('p')
    note.className = 'note'
    note.textContent = words().preview.diagramFailed(why)
    place.after(note)
  }
}
