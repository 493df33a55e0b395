import { TuttiDocument } from 'tutti-client'
import { tuttiTextarea } from 'tutti-client/textarea'

const id = new URLSearchParams(location.search).get('id') ?? 'example'
const doc = new TuttiDocument({ id, name: 'Guest', color: '#0b7285' })
const area = document.querySelector('textarea')

if (area) tuttiTextarea(area, doc)
doc.on('state', ({ saved }) => (document.title = saved ? 'Saved' : 'Saving…'))
doc.connect()
