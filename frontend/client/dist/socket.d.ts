/**
 * A connection that comes back: one WebSocket at a time, opened again with
 * exponential backoff and full jitter. It knows when to retry and when to stop,
 * and nothing of what the frames mean.
 */
import type { Environment } from './environment';
import { type ClientFrame, type ServerFrame } from './wire';
/** What the client does about the end of a socket. */
export type Verdict = 'retry'
/** Retry, asking for the whole content. */
 | 'refetch'
/** Retry, as a new client. */
 | 'rekey' | 'stop';
/** Codes that are not in the contract, such as 1006 for a cut line, are worth a retry. */
export declare function verdictOn(code: number): Verdict;
export type ConnectionState = {
    readonly status: 'closed';
} | {
    readonly status: 'connecting';
} | {
    readonly status: 'waiting';
    readonly retryAt: number;
} | {
    readonly status: 'stopped';
    readonly code: number;
    readonly reason: string;
};
export interface ConnectionHandlers {
    /** The first frame of each socket. */
    hello(): ClientFrame;
    receive(frame: ServerFrame): void;
    /** Called at the end of a socket, before anything is tried again. */
    ended(verdict: Verdict): void;
    changed(state: ConnectionState): void;
}
export declare class Connection {
    #private;
    constructor(url: string, handlers: ConnectionHandlers, environment: Environment);
    open(): void;
    close(): void;
    /** Starts again on a new socket: at once, or with backoff after an error. */
    restart({ backoff }: {
        backoff: boolean;
    }): void;
    send(frame: ClientFrame): void;
}
