/** What the SDK takes from the world around it, so that tests and Node can give their own. */
export interface Environment {
    /** Opens a WebSocket. */
    connect(url: string, subprotocol: string, events: SocketEvents): Socket;
    now(): number;
    /** From 0 up to 1. */
    random(): number;
    setTimeout(callback: () => void, ms: number): unknown;
    clearTimeout(timer: unknown): void;
    /** Calls back when the network or the page comes back. Returns how to stop that. */
    onWake(callback: () => void): () => void;
}
export interface SocketEvents {
    opened(): void;
    received(data: string): void;
    closed(code: number, reason: string): void;
}
export interface Socket {
    send(data: string): void;
    close(code: number): void;
}
export declare const browser: Environment;
