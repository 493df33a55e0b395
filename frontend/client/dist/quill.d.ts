import type Quill from 'quill';
import type { TuttiDocument } from './document';
export interface TuttiQuillOptions {
    /** Told when Quill could not be brought to show what the document holds. */
    onError?: (error: unknown) => void;
}
/**
 * Binds a Quill 2 editor to a rich document: local edits go out, remote ones
 * come in, and undo takes back one's own edits only. The others' carets are
 * shown where the editor has the module `cursors` of quill-cursors. The editor
 * takes its content from the document, and is disabled until that is there and
 * while the person may not edit. Returns how to unbind it.
 *
 * Embeds are inline: those that Quill knows as blocks of their own, or not at
 * all, are shown as a placeholder and kept as they are.
 */
export declare function tuttiQuill(quill: Quill, doc: TuttiDocument, options?: TuttiQuillOptions): () => void;
