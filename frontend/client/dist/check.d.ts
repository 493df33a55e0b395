import type { Environment } from './environment';
/** Now and then compares what we have with what the server has, by a hash. */
export declare class Check {
    #private;
    /** `text` answers null while there is nothing to compare, such as when edits are pending. */
    constructor(text: () => {
        rev: number;
        text: string;
    } | null, send: (rev: number, hash: string) => void, environment: Environment);
    /** To be called on every change: the check follows when it has been quiet for a while. */
    changed(): void;
    diverged(): void;
    stop(): void;
}
