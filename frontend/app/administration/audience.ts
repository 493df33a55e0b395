/** Whom a message is for: one connection, all in a document, or all. */
export type Audience =
  | { session: string; name: string }
  | { document: string; title: string }
  | { session?: undefined; document?: undefined }
