import type Delta from 'quill-delta';
interface Stacks {
    readonly undo: Delta[];
    readonly redo: Delta[];
}
/** Takes back a person's own edits, whatever the others have written since. */
export declare class Undo {
    #private;
    /** Takes note of what would take an edit back. */
    record(inverse: Delta, now?: number): void;
    /** Carries what could be taken back over a change by somebody else. */
    carry(change: Delta): void;
    /** What to apply to take back, or to do again; `content` is that which it applies to. */
    take(which: keyof Stacks, content: Delta): Delta | null;
    clear(): void;
}
export {};
