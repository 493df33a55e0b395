// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { blocksOf, type Piece } from './blocks'
import { renderBlock } from './render'

const labels = { formatted: (formats: readonly string[]) => formats.join(), image: 'Picture' }
const html = (...pieces: Piece[]) =>
  blocksOf(pieces)
    .map((block) => renderBlock(block, labels).outerHTML.replaceAll(' dir="auto"', ''))
    .join('')

test('lines become paragraphs, headings, lists, code and tables', () => {
  expect(
    html(
      { insert: 'Title' },
      { insert: '\n', attributes: { header: 1 } },
      { insert: 'bold', attributes: { bold: true } },
      { insert: '\nfirst' },
      { insert: '\n', attributes: { list: 'ordered' } },
      { insert: 'second' },
      { insert: '\n', attributes: { list: 'ordered' } },
      { insert: 'x = 1' },
      { insert: '\n', attributes: { 'code-block': 'python' } },
      { insert: 'a' },
      { insert: '\n', attributes: { table: 'r1' } },
      { insert: 'b' },
      { insert: '\n', attributes: { table: 'r1' } },
      { insert: 'c' },
      { insert: '\n', attributes: { table: 'r2' } },
    ),
  ).toBe(
    '<h1>Title</h1><p><strong>bold</strong></p>' +
      '<ul><li class="list-ordered" data-number="1.">first</li>' +
      '<li class="list-ordered" data-number="2.">second</li></ul>' +
      '<pre><div>x = 1</div></pre>' +
      '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>',
  )
})

test('what changed is marked', () => {
  expect(
    html(
      { insert: 'old\n', mark: 'deleted' },
      { insert: 'new', mark: 'inserted' },
      { insert: 'big', mark: 'formatted', formats: ['size'], attributes: { size: 'huge' } },
      { insert: '\n', mark: 'formatted', formats: ['header'], attributes: { header: 2 } },
    ),
  ).toBe(
    '<p><del class="history-deleted">old</del><del class="history-deleted">¶</del></p>' +
      '<h2 class="history-formatted" title="header"><ins class="history-inserted">new</ins>' +
      '<span class="history-formatted" title="size"><span class="size-huge">big</span></span></h2>',
  )
})

test('what people wrote is text, and no address runs', () => {
  const shown = html(
    { insert: '<img src=x onerror=alert(1)>' },
    { insert: 'a', attributes: { link: 'javascript:alert(1)' } },
    { insert: 'b', attributes: { link: ' java\tscript:alert(1)' } },
    { insert: 'c', attributes: { color: 'red;background:url(//x)', background: 'url(//x)' } },
    { insert: { image: 'javascript:alert(1)' } },
    { insert: { image: 'data:text/html,<script>' } },
    { insert: { video: 'https://x/<script>' } },
    { insert: '\n' },
  )
  const page = document.createElement('div')
  page.innerHTML = shown
  expect(page.querySelector('img, script, iframe, a, [style], [onerror]')).toBeNull()
  expect(page.textContent).toContain('<img src=x onerror=alert(1)>')
})

test('links and pictures are shown', () => {
  const shown = html(
    { insert: 'a', attributes: { link: 'https://example.org/' } },
    { insert: { image: '/api/v1/documents/d/files/x.png' } },
    { insert: '\n' },
  )
  expect(shown).toContain(
    '<a href="https://example.org/" target="_blank" rel="noopener noreferrer">',
  )
  expect(shown).toContain('alt="Picture"')
})
