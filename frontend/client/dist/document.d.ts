import Delta from 'quill-delta';
import { type Environment } from './environment';
import type { DocumentEvents, DocumentOptions, DocumentState } from './state';
import type { Cursor, Person } from './wire';
/**
 * A document that is edited together. Edits go in by `submit` and come out by
 * the events `remote` and `reset`; they are kept while offline and sent when the
 * server is back. All positions count UTF-16 code units, an embed counting one.
 */
export declare class TuttiDocument {
    #private;
    constructor(options: DocumentOptions, environment?: Environment);
    get id(): string;
    get state(): DocumentState;
    /** What the person sees, edits that are not acknowledged included. */
    get content(): Delta;
    /** The length of `content`, which is cheaper to ask for than `content` itself. */
    get length(): number;
    /** The other sessions. Their cursors are positions in `content`. */
    get people(): readonly Person[];
    /** What the person wrote that the server has not acknowledged, for copying. */
    get unsavedText(): string;
    connect(): void;
    /** Disconnects for good. What is pending stays here, for `connect` to send. */
    close(): void;
    /**
     * Takes an edit that the editor has already applied. Throws where the delta
     * does not fit the content, or the content has not been loaded yet.
     */
    submit(delta: Delta): void;
    /** Shows the others where the person is, in positions of `content`. */
    setCursor(cursor: Cursor | null): void;
    /** Says a line to the others; see `Chat`, which knows whether it arrived. */
    say(text: string): void;
    /** Changes how others see the person; for that the session starts anew. */
    setIdentity(name: string, color: string): void;
    /** Forgets what was taken back, once the person has seen it. */
    discardRefused(): void;
    on<Name extends keyof DocumentEvents>(name: Name, handler: (value: DocumentEvents[Name]) => void): () => void;
    /**
     * For bindings: until the function that it returns is called, nothing that
     * comes from the server has effect, while edits are taken as ever. An input
     * method's composition breaks when the text under it changes.
     */
    hold(): () => void;
}
