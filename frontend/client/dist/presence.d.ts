import type Delta from 'quill-delta';
import type { Environment } from './environment';
import type { Machine, Step } from './machine';
import type { Cursor, Person, PresenceChange } from './wire';
/** The other sessions, their cursors kept at the server's revision as records come in. */
export declare class People {
    #private;
    /** As the person here sees them: cursors carried over what is pending. */
    visible(machine: Machine): readonly Person[];
    reset(people: readonly Person[]): void;
    update(changes: readonly PresenceChange[]): void;
    /** Moves all cursors by committed deltas. Returns whether any moved. */
    move(steps: readonly Step[]): boolean;
}
/**
 * The person's own cursor on its way to the others. It goes out only while
 * nothing is unacknowledged, since only then do we know its place at a revision;
 * and only where the server, which moves it by every record as we do here, does
 * not have it in the right place already.
 */
export declare class OwnCursor {
    #private;
    /** `send` answers whether the cursor could be sent now; else `flush` is called once it can. */
    constructor(send: (cursor: Cursor | null) => boolean, environment: Environment);
    set(cursor: Cursor | null): void;
    /** Moves it by a change of what the person sees, who made it or not. */
    moveWanted(change: Delta, isAuthor: boolean): void;
    /** Moves what the server knows of it by committed deltas. */
    moveKnown(client: string, steps: readonly Step[]): void;
    /** To be called for a new session, which the server knows no cursor of. */
    forget(): void;
    flush(): void;
}
