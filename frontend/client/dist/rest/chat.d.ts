/** What people say beside a document. */
import type { ChatMessage, DeletedMessage } from '../wire';
import { type CallOptions, type Page } from './call';
export interface ChatQuery {
    /** At most this many messages, from 1 to 200. */
    limit?: number;
    /** Only messages with a lower id: the `next` of the page before. */
    before?: string;
}
/** Messages, the newest first. */
export declare function listChat(id: string, query?: ChatQuery, options?: CallOptions): Promise<Page<ChatMessage | DeletedMessage>>;
/** Says something as a program does, without a socket. */
export declare function postChat(id: string, text: string, options?: CallOptions): Promise<ChatMessage>;
/** Takes a message away: one's own, or anyone's for an owner. */
export declare function deleteChat(id: string, message: number, options?: CallOptions): Promise<void>;
