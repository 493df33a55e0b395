import Delta from 'quill-delta';
/**
 * A content as a value, composed only when it is read: composing takes time in
 * proportion to the length, which is too much for every keystroke in a large
 * document.
 */
export declare class Content {
    #private;
    /** In UTF-16 units. */
    readonly length: number;
    private constructor();
    static of(delta: Delta): Content;
    get delta(): Delta;
    /** The content after a change. */
    compose(change: Delta): Content;
}
