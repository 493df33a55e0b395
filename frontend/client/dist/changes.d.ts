/** CodeMirror's changes and our deltas: both count UTF-16 units, a line break being one. */
import { type ChangeSet, type ChangeSpec, type Transaction } from '@codemirror/state';
import Delta from 'quill-delta';
export declare function deltaOf(changes: ChangeSet): Delta;
export declare function changesOf(delta: Delta): ChangeSpec[];
/**
 * What must follow a transaction so that the document is made of whole
 * characters and has no carriage return, which no delta may bring to the server.
 * The part of a pair that a change leaves is replaced together with the change,
 * so that the two are one change with its borders between characters.
 */
export declare function repairsOf({ changes, startState, newDoc }: Transaction): ChangeSpec[];
