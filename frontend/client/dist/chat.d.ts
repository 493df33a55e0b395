import type { TuttiDocument } from './document';
import type { CallOptions } from './rest/call';
import type { ChatMessage } from './wire';
export interface ChatEvents {
    /** Anything below may have changed. */
    change: undefined;
    /** A message of somebody else's that came while connected. */
    message: ChatMessage;
    /** A line that the server did not take; it is given back. */
    refused: {
        readonly text: string;
        readonly message: string;
    };
}
/**
 * The conversation beside a document: what has been loaded of it, and one's own
 * lines on their way. The server keeps no key of a line, so one is sent again
 * after a broken connection only if it is not among what was said meanwhile.
 */
export declare class Chat {
    #private;
    constructor(doc: TuttiDocument, options?: CallOptions);
    /** As far as they are loaded, the oldest first. */
    get messages(): readonly ChatMessage[];
    /** The id of the newest message, 0 for none, whether it is loaded or not. */
    get last(): number;
    /** Whether the server has messages older than those that are loaded. */
    get hasOlder(): boolean;
    /** One's own lines that the server has not confirmed. */
    get outbox(): readonly string[];
    on<Name extends keyof ChatEvents>(name: Name, handler: (value: ChatEvents[Name]) => void): () => void;
    close(): void;
    /** Says a line; while offline it waits. */
    say(text: string): void;
    /** Loads the newest page, or the one before those that are loaded. */
    load(): Promise<void>;
}
