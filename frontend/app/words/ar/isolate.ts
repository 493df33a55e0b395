/** Keeps a name in its own direction, so that it does not stir the sentence around it. */
export function isolate(text: string): string {
  return `\u2068${text}\u2069`
}
