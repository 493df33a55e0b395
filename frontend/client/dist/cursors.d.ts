/** The carets and selections of the others, drawn into a CodeMirror editor. */
import { type Extension } from '@codemirror/state';
import type { Person } from './wire';
/** Says who is there now, with cursors in the document as the transaction leaves it. */
export declare const showPeople: import("@codemirror/state").StateEffectType<readonly Person[]>;
export declare const cursors: Extension;
