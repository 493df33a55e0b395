/**
 * The TypeScript SDK of tutti: documents that are edited together.
 *
 * `TuttiDocument` speaks to the server and knows no editor. A binding connects it
 * to one: those are modules of their own (`codemirror`, `quill`, `textarea`), so
 * that nobody needs an editor that they do not use. What REST calls an app needs
 * besides are functions here.
 */
export { Chat, type ChatEvents } from './chat'
export { TuttiDocument } from './document'
export type { Environment, Socket, SocketEvents } from './environment'
export {
  auditEventsUrl,
  changeMember,
  disconnect,
  getStats,
  invite,
  listAudit,
  listConnections,
  listInventory,
  listInvitations,
  notify,
  removeMember,
  resetMember,
  withdrawInvitation,
  type AuditEntry,
  type AuditQuery,
  type Connection,
  type Inventory,
  type InventoryItem,
  type InventoryQuery,
  type Invitation,
  type NewInvitation,
  type ServerStats,
} from './rest/administration'
export { ApiError, type CallOptions, type Page } from './rest/call'
export {
  createDocument,
  deleteDocument,
  duplicateDocument,
  emptyTrash,
  getDocument,
  listDocuments,
  listTags,
  patchDocument,
  restoreDocument,
  type DocumentInfo,
  type DocumentList,
  type ListedDocument,
  type ListQuery,
  type Mark,
  type NewDocument,
} from './rest/documents'
export { fetchFile, largestFile, pictureTypes, uploadFile, type FileInfo } from './rest/files'
export {
  contentAt,
  contentAs,
  createVersion,
  deleteVersion,
  getBlame,
  getDiff,
  getRecords,
  listRevisions,
  listVersions,
  eraseText,
  revert,
  submitDelta,
  unifiedDiff,
  type Author,
  type BlameRun,
  type DiffRun,
  type Erasure,
  type RevertRequest,
  type RevisionGroup,
  type Version,
  type Written,
} from './rest/history'
export { deleteChat, listChat, postChat, type ChatQuery } from './rest/chat'
export {
  changePassword,
  changeSelf,
  endLogin,
  getSession,
  getWays,
  listLogins,
  lookAtLink,
  redeem,
  signIn,
  signOut,
  type Invited,
  type Login,
  type Redemption,
  type Session,
} from './rest/session'
export {
  changeGroup,
  createGroup,
  deleteGroup,
  listGroups,
  listMembers,
  type Group,
  type Member,
} from './rest/groups'
export {
  createLink,
  deleteLink,
  everyone,
  joinByLink,
  leaveDocument,
  listAccess,
  listLinks,
  removeAccess,
  setAccess,
  transferDocument,
  type Grant,
  type LinkOptions,
  type NewShareLink,
  type ShareLink,
} from './rest/sharing'
export {
  addToken,
  dropToken,
  listTokens,
  type ApiToken,
  type NewApiToken,
  type Scope,
} from './rest/tokens'
export type {
  DocumentStorage,
  StorageChange,
  StoredContent,
  StoredDocument,
  StoredState,
} from './storage'
export {
  exportDocument,
  exportDocuments,
  exportUrl,
  importArchive,
  importFile,
  importZip,
  type Download,
  type ExportFormat,
} from './rest/transfer'
export { keptToken, useToken, type Token } from './token'
export {
  anotherPerson,
  type DocumentEvents,
  type DocumentOptions,
  type DocumentState,
  type Refusal,
} from './state'
export type {
  ChatMessage,
  Committed,
  Cursor,
  DeletedMessage,
  Kind,
  Limits,
  Person,
  Role,
  User,
} from './wire'
