/** Finding, making, changing and removing documents. */
import type { Kind, Role, User } from '../wire';
import { type CallOptions, type Page } from './call';
export interface DocumentInfo {
    readonly id: string;
    readonly kind: Kind;
    readonly title: string;
    readonly language: string;
    readonly epoch: string;
    readonly revision: number;
    /** UTF-16 units. */
    readonly length: number;
    /** RFC 3339, as all times here. */
    readonly createdAt: string;
    readonly updatedAt: string;
    readonly createdBy: User;
    readonly role: Role;
}
export interface ListQuery {
    q?: string;
    sort?: 'updated' | 'title' | 'created';
    trashed?: boolean;
    limit?: number;
    cursor?: string;
}
export interface NewDocument {
    id?: string;
    kind?: Kind;
    title?: string;
    language?: string;
    content?: string;
}
export declare function listDocuments(query?: ListQuery, options?: CallOptions): Promise<Page<DocumentInfo>>;
export declare function createDocument(document?: NewDocument, options?: CallOptions): Promise<DocumentInfo>;
export declare function getDocument(id: string, options?: CallOptions): Promise<DocumentInfo>;
export declare function patchDocument(id: string, patch: {
    title?: string;
    language?: string;
}, options?: CallOptions): Promise<DocumentInfo>;
/** Moves a document to the trash, or deletes it for good. */
export declare function deleteDocument(id: string, { permanent, ...options }?: CallOptions & {
    permanent?: boolean;
}): Promise<void>;
/** Brings a document back from the trash. */
export declare function restoreDocument(id: string, options?: CallOptions): Promise<void>;
/** Makes a document of its own with the content of another, as it is or as it was at `rev`. */
export declare function duplicateDocument(id: string, copy?: {
    title?: string;
    rev?: number;
    tags?: readonly string[];
}, options?: CallOptions): Promise<DocumentInfo>;
export type ExportFormat = 'txt' | 'md' | 'html' | 'delta' | 'archive';
/** The address of a document as a file; `archive` is the document with its whole history. */
export declare function exportUrl(id: string, format: ExportFormat, { url }?: CallOptions): string;
