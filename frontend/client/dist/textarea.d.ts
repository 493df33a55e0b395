import Delta from 'quill-delta';
import type { TuttiDocument } from './document';
/**
 * Binds a `<textarea>` to a document of plain text: local edits go out, remote
 * ones come in, and undo takes back one's own edits only. The textarea takes its
 * text from the document, and is read only until that is there and while the
 * person may not edit. Returns how to unbind it.
 */
export declare function tuttiTextarea(area: HTMLTextAreaElement, doc: TuttiDocument): () => void;
/**
 * The change from one text to another, in UTF-16 units. Among equal letters the
 * caret tells where it was made: nothing behind it changed.
 */
export declare function changeOf(before: string, after: string, caret: number): Delta;
