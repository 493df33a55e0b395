/** Pictures of a document, kept beside it as files. */
import { type CallOptions } from './call';
/** What the server takes as a picture. */
export declare const pictureTypes: readonly string[];
/** Bytes of one file. */
export declare const largestFile: number;
export interface FileInfo {
    readonly name: string;
    /** To be put into the document as it is: `{ insert: { image: url } }`. */
    readonly url: string;
    readonly type: string;
    /** Bytes. */
    readonly size: number;
    /** Pixels. */
    readonly width: number;
    readonly height: number;
}
/** Uploads a picture; `onProgress` is told the share that is through, from 0 to 1. */
export declare function uploadFile(id: string, file: Blob, { url, token, signal, onProgress }?: CallOptions & {
    onProgress?: (share: number) => void;
}): Promise<FileInfo>;
