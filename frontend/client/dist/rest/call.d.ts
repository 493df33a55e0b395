/** Calls of the REST interface: where they go, as whom, and how they fail. */
export interface Page<Item> {
    readonly items: readonly Item[];
    /** The cursor of the next page; left out on the last. */
    readonly next?: string;
}
/** Where a call goes and as whom; the default is the page's own origin. */
export interface CallOptions {
    url?: string;
    token?: string;
    signal?: AbortSignal;
}
/** What the server answered instead, or `status` 0 and code `unreachable` where nobody did. */
export declare class ApiError extends Error {
    readonly status: number;
    /** Stable, for programs; `message` is for people. */
    readonly code: string;
    constructor(status: number, code: string, message: string, options?: ErrorOptions);
}
/** The address of a path under `/api/v1`, on the server at `base`. */
export declare function apiUrl(base: string | undefined, path: string): string;
/** The path of a document. */
export declare function pathOf(id: string): string;
/** Makes a call and reads its JSON. Throws an ApiError for every answer that is no success. */
export declare function call<T>(method: string, path: string, body: object | undefined, options?: CallOptions): Promise<T>;
/** Gets a text in the media type that is asked for. Throws as `call` does. */
export declare function callText(path: string, mediaType: string, options?: CallOptions): Promise<string>;
export declare function problemFrom(status: number, statusText: string, body: string): ApiError;
