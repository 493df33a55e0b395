import Delta from 'quill-delta'
import { describe, expect, it } from 'vitest'
import { addressOf, linkAt, withoutBadLinks } from './links'
import { inlineBlob, isShown, withoutForeignPictures } from './pictures'

describe('addresses of links', () => {
  it.each([
    ['example.org', 'https://example.org/'],
    ['example.org/a?b', 'https://example.org/a?b'],
    ['http://localhost:8080/', 'http://localhost:8080/'],
    [' ada@example.org ', 'mailto:ada@example.org'],
    ['tel:+4912345', 'tel:+4912345'],
    ['bücher.example', 'https://xn--bcher-kva.example/'],
    ['javascript:alert(1)', null],
    ['data:text/html,x', null],
    ['just words', null],
    ['', null],
  ])('%s means %s', (typed, address) => {
    expect(addressOf(typed)).toBe(address)
  })

  it('lose what runs something', () => {
    const pasted = new Delta()
      .insert('a', { link: 'javascript:1', bold: true })
      .insert('b', { link: 'https://example.org/' })
    expect(withoutBadLinks(pasted).ops).toEqual([
      { insert: 'a', attributes: { bold: true } },
      { insert: 'b', attributes: { link: 'https://example.org/' } },
    ])
  })
})

it('finds the whole of a link, whatever formats cut it up', () => {
  const url = 'https://example.org/'
  const content = new Delta()
    .insert('see ')
    .insert('the ', { link: url })
    .insert('station', { link: url, bold: true })
    .insert(' now\n')
  for (const position of [4, 8, 15]) {
    expect(linkAt(content, position)).toEqual({ url, index: 4, length: 11 })
  }
  expect(linkAt(content, 3)).toBeNull()
  expect(linkAt(content, 16)).toBeNull()
})

describe('pictures that are pasted', () => {
  const own = '/api/v1/documents/d/files/0f.png'
  const inline = 'data:image/png;base64,aGk='
  const paste = (image: string, attributes?: Record<string, unknown>) =>
    withoutForeignPictures(
      new Delta().insert('ab').insert({ image }, attributes),
      'https://tutti.example',
      (host) => `from ${host}`,
    )

  it('stay where they are files here', () => {
    for (const address of [own, `https://tutti.example${own}`]) {
      expect(paste(address).delta.ops).toEqual([{ insert: 'ab' }, { insert: { image: own } }])
    }
  })

  it('are uploaded where they come with their bytes', () => {
    const { delta, uploads } = paste(inline)
    expect(delta.ops).toEqual([{ insert: 'ab' }])
    expect(uploads).toEqual([{ at: 2, address: inline }])
    expect(inlineBlob(inline)).toMatchObject({ size: 2, type: 'image/png' })
  })

  it('become links where they are of other sites, and are lost where they are nowhere', () => {
    const { delta, links } = paste('https://else.example/x.png', { alt: 'A cat' })
    expect(delta.ops[1]).toEqual({
      insert: 'A cat',
      attributes: { link: 'https://else.example/x.png' },
    })
    expect(links).toBe(1)
    expect(paste('https://else.example/x.png').delta.ops[1]?.insert).toBe('from else.example')
    expect(paste('file:///C:/x.png').lost).toBe(1)
    expect(paste('data:image/svg+xml,<svg/>').lost).toBe(1)
  })

  it('are shown only from here', () => {
    expect([own, inline].every(isShown)).toBe(true)
    const others = [
      'https://else.example/x.png',
      '//else.example/x',
      `${own}/../../x`,
      'javascript:1',
    ]
    expect(others.some(isShown)).toBe(false)
  })
})
