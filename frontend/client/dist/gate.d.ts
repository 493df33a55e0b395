/** Lets things through in their order, and keeps them back while somebody holds it. */
export declare class Gate<Item> {
    #private;
    constructor(pass: (item: Item) => void);
    enter(item: Item): void;
    /** Holds it until the function that this returns is called. */
    hold(): () => void;
    /** Forgets what waits. */
    clear(): void;
}
