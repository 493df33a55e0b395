import type { Text } from '@codemirror/state'
import { Blocks } from './blocks'
import { enhance } from './enhance'
import './prose.css'
import { referencesIn, render } from './render'

/** A whole text as it is printed. The promise is kept once all in it is drawn. */
export function typeset(text: Text): { element: HTMLElement; drawn: Promise<void> } {
  const blocks = new Blocks(text)
  const sources = blocks.list.map((block) => [block.name, blocks.source(block)] as const)
  const definitions = sources.filter(([name]) => name === 'LinkReference').map(([, text]) => text)
  const references = referencesIn(definitions.join('\n'))
  const element = document.createElement('div')
  element.className = 'rendered'
  for (const [, source] of sources) {
    const block = document.createElement('div')
    block.className = 'block'
    block.append(render(source, references))
    element.append(block)
  }
  return { element, drawn: enhance(element) }
}
