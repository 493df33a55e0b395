/**
 * The client's half of the collaboration protocol, as a pure state machine: no
 * sockets, no timers, no DOM. It holds the content the server has committed, one
 * delta in flight, and a buffer of what was edited since:
 *
 *     content (what the person sees) = committed ∘ in flight ∘ buffer
 *
 * The delta in flight is frozen until its record comes back: it is transformed
 * over what others committed before it, as the server does, but never composed
 * with later edits, so that it can be sent again with the same sequence number.
 */
import Delta from 'quill-delta';
import type { Committed, OpFrame } from './wire';
/** A record as it moves cursors: the delta at the server, and whose it was. */
export interface Step {
    readonly client: string;
    readonly delta: Delta;
}
export interface Received {
    readonly steps: readonly Step[];
    /** What all records together change in what the person sees. */
    readonly visible: Delta;
    /** How many deltas of this client they acknowledge. */
    readonly acknowledged: number;
}
/** Where the server is, and as whom it knows this client. */
export interface Position {
    readonly client: string;
    /** This client's highest committed sequence number. */
    readonly seq: number;
    readonly epoch: string;
    readonly rev: number;
}
/** The stream of records cannot be continued: only the whole content helps. */
export declare class OutOfStep extends Error {
}
export declare class Machine {
    #private;
    /** The history that `rev` counts in; null before the first content. */
    get epoch(): string | null;
    get rev(): number;
    /** What the person sees. */
    get content(): Delta;
    /** The length of `content`, which takes no reading of it. */
    get length(): number;
    /** The number of local edits that are not acknowledged yet. */
    get pending(): number;
    /** Whether the server has all that the person sees. */
    get isSynchronized(): boolean;
    /** All that is not acknowledged, as one delta on the committed content. */
    get unacknowledged(): Delta;
    /** A position at the server's revision, as the person sees it. */
    toVisible(position: number): number;
    /**
     * Takes an edit that the person's editor has already applied.
     * Throws, and changes nothing, where the delta does not fit the content.
     */
    submit(delta: Delta): void;
    /**
     * Puts the buffer in flight, or as much of it as fits in `budget` bytes of
     * JSON. Returns whether there is something new to send.
     */
    flush(budget?: number): boolean;
    /**
     * The frame to send now, or again after a reconnect.
     *
     * What is in flight under a former client id (its key was taken over) has been
     * decided, but its record may still be ahead of us. An empty delta goes first:
     * when that one comes back, all records before it have been seen.
     */
    outgoing(): OpFrame | null;
    /** Goes on from the own revision, in a new session. */
    resume({ client, seq, epoch }: Position): void;
    /**
     * Takes the whole content from the server, at the start or where the stream
     * could not be continued. Returns what that changes in what the person sees.
     */
    adopt(content: Delta, { client, seq, epoch, rev }: Position): Delta;
    /** Takes the next records of the stream, all of them or, where it throws, none. */
    receive(records: readonly Committed[]): Received;
    /**
     * Takes back the delta in flight, which the server refused. Returns it, and
     * what taking it back changes in what the person sees; null where the refusal
     * is of no delta that is in flight.
     */
    refuse(seq: number): {
        refused: Delta;
        visible: Delta;
    } | null;
    /** Puts the delta in flight, known not to be committed, back in front of the buffer. */
    recall(): void;
}
