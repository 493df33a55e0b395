import { type Extension } from '@codemirror/state';
import type { TuttiDocument } from './document';
/**
 * Binds a CodeMirror 6 editor to a document of plain text: local edits go out,
 * remote ones come in, the others' cursors are shown, and undo takes back one's
 * own edits only. The editor takes its content from the document; it is read
 * only until that is there, and while the person may not edit.
 */
export declare function tuttiCodeMirror(doc: TuttiDocument): Extension;
