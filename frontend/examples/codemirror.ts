import { EditorView } from '@codemirror/view'
import { TuttiDocument } from 'tutti-client'
import { tuttiCodeMirror } from 'tutti-client/codemirror'

const id = new URLSearchParams(location.search).get('id') ?? 'example'
const doc = new TuttiDocument({ id, name: 'Guest', color: '#0b7285' })

new EditorView({
  parent: document.querySelector('main') ?? document.body,
  extensions: [
    tuttiCodeMirror(doc),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': 'Text' }),
  ],
})

doc.on('state', ({ saved }) => (document.title = saved ? 'Saved' : 'Saving…'))
doc.connect()
