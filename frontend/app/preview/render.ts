/** From Markdown to what may stand in the page. */
import DOMPurify from 'dompurify'
import { Lexer, Marked, type TokenizerAndRendererExtension, type Tokens } from 'marked'
import { showPicture } from '../hosted'
import { isHosted } from '../hosts'
import { words } from '../words/index.svelte'

const escaped: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => escaped[sign] ?? sign)

const formula = (token: Tokens.Generic) =>
  `<span class="${token['display'] === true ? 'math display' : 'math'}">${escape(token['text'] as string)}</span>`

/** `$$…$$` on lines of its own; drawn when KaTeX is there, see `enhance`. */
const mathBlock: TokenizerAndRendererExtension = {
  name: 'mathBlock',
  level: 'block',
  tokenizer(source) {
    const found = /^ {0,3}\$\$((?:[^$]|\\\$)+?)\$\$[ \t]*(?:\n|$)/.exec(source)
    if (!found) return undefined
    return { type: 'mathBlock', raw: found[0], text: found[1]?.trim() ?? '', display: true }
  },
  renderer: (token) => `<p>${formula(token)}</p>`,
}

/** `$…$` in a line, not where it speaks of money: no space within, no digit behind. */
const mathInline: TokenizerAndRendererExtension = {
  name: 'mathInline',
  level: 'inline',
  start: (source) => source.indexOf('$'),
  tokenizer(source) {
    const found = /^(\$\$?)(?! )((?:\\[^]|[^$\\\n])+?)(?<! )\1(?!\d)/.exec(source)
    if (!found) return undefined
    return { type: 'mathInline', raw: found[0], text: found[2], display: found[1] === '$$' }
  },
  renderer: formula,
}

const marked = new Marked({ gfm: true, extensions: [mathBlock, mathInline] })

export type References = Record<string, Pick<Tokens.Link, 'href'> & { title: string | null }>

/** The targets of links that are named elsewhere in the text, from the blocks that name them. */
export function referencesIn(definitions: string): References {
  return new Lexer(marked.defaults).lex(definitions).links as References
}

const purifier = DOMPurify(window)

const ownClasses = /^(?:math|display|language-\S+)$/
const withDirection = 'p, h1, h2, h3, h4, h5, h6, ul, ol, li, blockquote, th, td, summary'

purifier.addHook('afterSanitizeAttributes', (element) => {
  // What people write has none of the names that the page's own parts go by.
  for (const name of ['id', 'name']) element.removeAttribute(name)
  const classes = [...element.classList].filter((name) => ownClasses.test(name))
  if (classes.length > 0) element.className = classes.join(' ')
  else element.removeAttribute('class')
  if (element.matches(withDirection)) element.setAttribute('dir', 'auto')
  if (element instanceof HTMLAnchorElement) openElsewhere(element)
  if (element instanceof HTMLImageElement) {
    if (!isOwn(element.src)) element.replaceWith(linkTo(element))
    else if (isHosted()) withhold(element)
  }
  if (element instanceof HTMLInputElement) prepareBox(element)
})

/** Of what a form has, only the boxes of tasks remain. */
function prepareBox(box: HTMLInputElement): void {
  if (box.type !== 'checkbox') {
    box.remove()
    return
  }
  box.disabled = false
  box.ariaLabel = words().preview.task(box.closest('li')?.textContent.trim() ?? '')
}

function openElsewhere(link: HTMLAnchorElement): void {
  if (link.getAttribute('href')?.startsWith('#')) return
  link.target = '_blank'
  link.rel = 'noopener noreferrer'
}

/** Whether the page's policy lets a picture in. */
function isOwn(address: string): boolean {
  const url = URL.parse(address)
  return (
    !!url &&
    (url.origin === location.origin || url.protocol === 'data:' || url.protocol === 'blob:')
  )
}

/** Takes a picture's address, before the browser asks for it without a token; see `showWithheld`. */
function withhold(image: HTMLImageElement): void {
  image.dataset['address'] = image.getAttribute('src') ?? ''
  image.removeAttribute('src')
}

function showWithheld(page: DocumentFragment): void {
  for (const image of page.querySelectorAll<HTMLImageElement>('img[data-address]')) {
    showPicture(image, image.dataset['address'] ?? '')
  }
}

/** In place of a picture from elsewhere, which would tell that place who reads this. */
function linkTo({ src, alt }: HTMLImageElement): HTMLAnchorElement {
  const link = document.createElement('a')
  link.className = 'picture'
  link.href = src
  link.textContent = alt || words().preview.foreignImage(URL.parse(src)?.host ?? src)
  link.title = src
  openElsewhere(link)
  return link
}

/** Renders a part of a text, free of all that could run or reach out of it. */
export function render(source: string, references: References): DocumentFragment {
  const lexer = new Lexer(marked.defaults)
  Object.assign(lexer.tokens.links, references)
  const html = marked.parser(lexer.lex(source))
  const page = purifier.sanitize(html, {
    RETURN_DOM_FRAGMENT: true,
    ADD_ATTR: ['target'],
    FORBID_ATTR: ['style', 'srcset', 'action', 'formaction', 'background', 'poster'],
    FORBID_TAGS: [
      ...['style', 'form', 'button', 'select', 'option', 'textarea', 'dialog', 'template', 'slot'],
      ...['audio', 'video', 'source', 'track', 'picture', 'map', 'area', 'svg', 'math'],
    ],
    ALLOW_DATA_ATTR: false,
  })
  if (isHosted()) showWithheld(page)
  return page
}
