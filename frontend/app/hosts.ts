/** The sites whose word is taken for who looks at this page in their frame, as the server has written them into it. */
export function hosts(): string[] {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="tutti-hosts"]')
  return meta?.content.split(' ') ?? []
}

/** Whether the page is in a frame of a site that may hand it tokens. */
export function isHosted(): boolean {
  return parent !== window && hosts().length > 0
}
