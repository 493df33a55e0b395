/** What this client needs of deltas beyond what quill-delta gives. */
import Delta from 'quill-delta';
import type { Cursor } from './wire';
export declare const objectReplacement = "\uFFFC";
/** The length of the shortest content that the delta can be applied to. */
export declare function baseLength(delta: Delta): number;
/** The text of a content, each embed as U+FFFC, so that positions stay what they are. */
export declare function plainText(content: Delta): string;
/** What a delta writes, without where it writes it. */
export declare function insertedText(delta: Delta): string;
export declare function hasLoneSurrogate(delta: Delta): boolean;
/**
 * One delta with the effect of all in turn. For showing and storing only:
 * transform does not distribute over compose, so what is still to be transformed
 * is never squashed. Composing in pairs keeps a long run from going quadratic.
 */
export declare function composeAll(deltas: readonly Delta[]): Delta;
/**
 * Carries two deltas made on one content over each other. In ties ours goes
 * first, as on the server, where it is the incoming one.
 */
export declare function cross(ours: Delta, theirs: Delta): {
    ours: Delta;
    theirs: Delta;
};
/** `first` for cursors of the delta's own author, which end up behind what it inserts. */
export declare function moveCursor(cursor: Cursor, delta: Delta, isAuthor: boolean): Cursor;
/** A delta that turns one content into another, and cuts no surrogate pair. */
export declare function difference(from: Delta, to: Delta): Delta;
/** Whether a border of an op falls within a surrogate pair of the text that it applies to. */
export declare function cutsPair(delta: Delta, text: string): boolean;
/**
 * Cuts a delta in two whose effect in turn is the same, so that the JSON of the
 * first part keeps to `budget` bytes where it can be kept at all: text is cut,
 * but never within a surrogate pair, an op's attributes are not.
 */
export declare function split(delta: Delta, budget: number): [Delta, Delta | null];
/** Whether a position would part the two halves of a surrogate pair. */
export declare function isWithinPair(text: string, at: number): boolean;
