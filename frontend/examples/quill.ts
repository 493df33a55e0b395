import Quill from 'quill'
import QuillCursors from 'quill-cursors'
import 'quill/dist/quill.snow.css'
import { TuttiDocument } from 'tutti-client'
import { tuttiQuill } from 'tutti-client/quill'

Quill.register('modules/cursors', QuillCursors)

const id = new URLSearchParams(location.search).get('id') ?? 'example'
const doc = new TuttiDocument({ id, name: 'Guest', color: '#0b7285' })

const quill = new Quill(document.querySelector('main') ?? document.body, {
  theme: 'snow',
  modules: { cursors: true, toolbar: [['bold', 'italic'], [{ header: [1, 2, false] }]] },
})
quill.root.setAttribute('aria-label', 'Text')

tuttiQuill(quill, doc)
doc.on('state', ({ saved }) => (document.title = saved ? 'Saved' : 'Saving…'))
doc.connect()
