/** Quill's changes and our deltas: what Quill cannot show, and what the server does not take. */
import Delta from 'quill-delta';
/** How Quill is given an embed that it has no inline blot for: one unit, its value kept. */
export declare const unknownEmbed = "tutti-unknown";
/** A delta of the document as Quill can apply it. */
export declare function toQuill(delta: Delta, canShow: (embed: string) => boolean): Delta;
/** A content of the document with one kind to each line. */
export declare function oneKindEach(content: Delta): Delta;
/** What Quill changed as a delta of the document, in words that the server takes. */
export declare function fromQuill(change: Delta, before: Delta): Delta;
/**
 * The last newline of a document stays where it is: what comes behind it, or in
 * its place, is inserted before it, and it takes on the formats of the new end.
 */
export declare function keepFinalNewline(change: Delta, before: Delta): Delta;
