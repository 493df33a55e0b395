/** What people say beside a document. */
import type { ChatMessage, DeletedMessage } from '../wire'
import { call, pathOf, type CallOptions, type Page } from './call'

export interface ChatQuery {
  /** At most this many messages, from 1 to 200. */
  limit?: number
  /** Only messages with a lower id: the `next` of the page before. */
  before?: string
}

/** Messages, the newest first. */
export function listChat(
  id: string,
  query: ChatQuery = {},
  options?: CallOptions,
): Promise<Page<ChatMessage | DeletedMessage>> {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) parameters.set(name, String(value))
  return call('GET', `${pathOf(id)}/chat?${parameters}`, undefined, options)
}

/** Says something as a program does, without a socket. */
export function postChat(id: string, text: string, options?: CallOptions): Promise<ChatMessage> {
  return call('POST', `${pathOf(id)}/chat`, { text }, options)
}

/** Takes a message away: one's own, or anyone's for an owner. */
export function deleteChat(id: string, message: number, options?: CallOptions): Promise<void> {
  return call('DELETE', `${pathOf(id)}/chat/${message}`, undefined, options)
}
