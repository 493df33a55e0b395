/** Quill with the formats that tutti offers: nothing else gets in by pasting. */
import Quill, { type Parchment, type Range } from 'quill/core'
import { AlignClass } from 'quill/formats/align'
import Blockquote from 'quill/formats/blockquote'
import Bold from 'quill/formats/bold'
import CodeBlock, { Code } from 'quill/formats/code'
import { DirectionClass } from 'quill/formats/direction'
import Header from 'quill/formats/header'
import Image from 'quill/formats/image'
import Indent from 'quill/formats/indent'
import Italic from 'quill/formats/italic'
import Link from 'quill/formats/link'
import List from 'quill/formats/list'
import Script from 'quill/formats/script'
import Strike from 'quill/formats/strike'
import Underline from 'quill/formats/underline'
import Clipboard from 'quill/modules/clipboard'
import Uploader from 'quill/modules/uploader'
import QuillCursors from 'quill-cursors/core'
import Delta from 'quill-delta'
import { showPicture } from '../hosted'
import { words } from '../words/index.svelte'
import { withoutBadLinks } from './links'
import { isShown, withoutForeignPictures, type Pasted } from './pictures'

/** A picture of which the address is kept, also where it must not be shown. */
class Picture extends Image {
  static override create(value: string): Element {
    const node = super.create('') as HTMLImageElement
    node.dataset['address'] = value
    if (isShown(value)) showPicture(node, value)
    else node.removeAttribute('src')
    node.alt = isShown(value) ? words().rich.picture : words().rich.foreignPicture(hostOf(value))
    return node
  }

  static override value(node: Element): string | null {
    return (node as HTMLElement).dataset['address'] ?? node.getAttribute('src')
  }

  static override formats(node: Element): Record<string, string | null> {
    const { alt, ...formats } = super.formats(node)
    return node.hasAttribute('data-alt') || !node.hasAttribute('data-address')
      ? { ...formats, ...(alt && { alt }) }
      : formats
  }

  override format(name: string, value: string): void {
    super.format(name, value)
    if (name === 'alt') this.domNode.toggleAttribute('data-alt', Boolean(value))
  }
}

function hostOf(address: string): string {
  try {
    return new URL(address, location.origin).host
  } catch {
    return '?'
  }
}

export interface Handlers {
  /** Files were dropped or pasted. */
  files: (index: number, files: File[]) => void
  /** Pictures were in what was pasted at an index. */
  pictures: (index: number, pasted: Pasted) => void
}

class RichClipboard extends Clipboard {
  /** What a page does not show of itself is no text of its. */
  protected override normalizeHTML(page: Document): void {
    for (const element of page.querySelectorAll('script, template, noscript')) element.remove()
    super.normalizeHTML(page)
  }

  override onPaste(range: Range, data: { text?: string; html?: string }): void {
    const pasted = withoutForeignPictures(
      withoutBadLinks(this.convert(data, this.quill.getFormat(range.index))),
      location.origin,
      words().rich.foreignPicture,
    )
    const { index, length } = range
    this.quill.updateContents(new Delta().retain(index).delete(length).concat(pasted.delta), 'user')
    this.quill.setSelection(index + pasted.delta.length(), 'silent')
    this.quill.scrollSelectionIntoView()
    handlersOf(this.options).pictures(index, pasted)
  }
}

class RichUploader extends Uploader {
  override upload(range: Range, files: FileList | File[]): void {
    handlersOf(this.options).files(range.index, Array.from(files))
  }
}

function handlersOf(options: object): Handlers {
  return (options as { handlers: () => Handlers }).handlers()
}

Link.PROTOCOL_WHITELIST = ['http', 'https', 'mailto', 'tel']

Quill.register(
  {
    'formats/align': AlignClass,
    'formats/blockquote': Blockquote,
    'formats/bold': Bold,
    'formats/code': Code,
    'formats/code-block': CodeBlock,
    'formats/direction': DirectionClass,
    'formats/header': Header,
    'formats/image': Picture,
    'formats/indent': Indent,
    'formats/italic': Italic,
    'formats/link': Link,
    'formats/list': List,
    'formats/script': Script,
    'formats/strike': Strike,
    'formats/underline': Underline,
    'modules/clipboard': RichClipboard,
    'modules/cursors': QuillCursors,
    'modules/uploader': RichUploader,
  } satisfies Record<
    string,
    Parchment.RegistryDefinition | typeof QuillCursors | typeof Clipboard | typeof Uploader
  >,
  true,
)

export function createQuill(container: HTMLElement, handlers: Handlers): Quill {
  // As a function, since Quill merges the options of a module into a copy.
  const own = { handlers: () => handlers }
  return new Quill(container, {
    modules: {
      clipboard: own,
      uploader: own,
      cursors: { selectionChangeSource: null, hideDelayMs: 0 },
    },
  })
}
