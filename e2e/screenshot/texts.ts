/** What people write in the pictures. */
export const concert = `# Autumn concert

We play on **14 November** at seven, in the old town hall.
Doors open at half past six; the choir warms up at five.

## Programme

1. Brahms, *Academic Festival Overture*
2. Clara Schumann, Piano Concerto in A minor
3. 喜多郎, *Silk Road* — arranged for strings 🎻

## Still to do

- [x] Book the hall
- [x] Ask the printer about the posters
- [ ] Find a second page-turner
- [ ] Write to everyone who`

export const article = [
  { insert: 'A short history of the fugue' },
  { insert: '\n', attributes: { header: 1 } },
  { insert: 'A fugue begins with ' },
  { insert: 'one voice alone', attributes: { bold: true } },
  { insert: '. The others come in one after the other, each with the same ' },
  { insert: 'subject', attributes: { italic: true } },
  { insert: ', until all of them speak at once.\n' },
  { insert: 'What it takes' },
  { insert: '\n', attributes: { header: 2 } },
  { insert: 'A subject that can be known again' },
  { insert: '\n', attributes: { list: 'bullet' } },
  { insert: 'An answer, a fifth above' },
  { insert: '\n', attributes: { list: 'bullet' } },
  { insert: 'Patience' },
  { insert: '\n', attributes: { list: 'checked' } },
  {
    insert: 'The art of it lies not in the rules but in what is done between them.',
  },
  { insert: '\n', attributes: { blockquote: true } },
]
