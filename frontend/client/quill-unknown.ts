import type Quill from 'quill'
import type { Parchment } from 'quill'
import { unknownEmbed } from './quill-changes'

/** Blots that are embeds to Parchment, but parts of the editor's own workings. */
const inner = new Set(['cursor', 'break'])

/** Whether Quill shows an embed within a line, as one unit. */
export function showsEmbed(quill: Quill, name: string): boolean {
  const { EmbedBlot, Scope } = parchmentOf(quill)
  const blot = quill.scroll.query(name, Scope.INLINE_BLOT)
  return blot !== null && 'prototype' in blot && blot.prototype instanceof EmbedBlot
    ? !inner.has(name)
    : false
}

/** Gives Quill a placeholder for embeds that it knows nothing of, which keeps what they are. */
export function registerUnknownEmbed(quill: Quill): void {
  if (quill.scroll.query(unknownEmbed)) return
  const Embed = (quill.constructor as typeof Quill).import(
    'blots/embed',
  ) as typeof Parchment.EmbedBlot
  class Unknown extends Embed {
    static override blotName = unknownEmbed
    static override tagName = 'span'
    static override className = 'ql-tutti-unknown'

    static override create(value: unknown): Node {
      const node = super.create(value) as HTMLElement
      node.dataset['embed'] = JSON.stringify(value)
      node.textContent = Object.keys(value as object).join()
      return node
    }

    /** From a pasted page this may be anything. */
    static override value(node: HTMLElement): unknown {
      try {
        const value = JSON.parse(node.dataset['embed'] ?? '') as unknown
        const isEmbed = typeof value === 'object' && value && Object.keys(value).length === 1
        return isEmbed ? value : null
      } catch {
        return null
      }
    }
  }
  quill.scroll.registry.register(Unknown)
}

/**
 * Lets lines of code hold embeds. Quill takes them out there, but one person may
 * put a picture into a line while another makes it code.
 */
export function allowEmbedsInCode(quill: Quill): void {
  const { EmbedBlot } = parchmentOf(quill)
  const block = quill.scroll.query('code-block') as typeof Parchment.BlockBlot | null
  if (block && !block.allowedChildren.includes(EmbedBlot)) {
    block.allowedChildren = [...block.allowedChildren, EmbedBlot]
  }
}

function parchmentOf(quill: Quill): typeof Parchment {
  return (quill.constructor as typeof Quill).import('parchment')
}
