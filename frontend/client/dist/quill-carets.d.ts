/** The others' carets and selections in a Quill editor, drawn by quill-cursors. */
import type Delta from 'quill-delta';
import type { Person } from './wire';
/** What is used of quill-cursors, which the SDK does not bring along. */
export interface CursorsModule {
    createCursor(id: string, name: string, color: string): unknown;
    moveCursor(id: string, range: {
        index: number;
        length: number;
    }): void;
    removeCursor(id: string): void;
    toggleFlag(id: string, shouldShow?: boolean): void;
}
export declare class Carets {
    #private;
    constructor(module: CursorsModule);
    show(people: readonly Person[]): void;
    /** Moves all with the text: what is inserted at a caret goes behind it. */
    move(change: Delta): void;
    destroy(): void;
}
