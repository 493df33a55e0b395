/** A new secret of 128 random bits, which makes this editor instance a client of its own. */
export declare function newKey(): string;
