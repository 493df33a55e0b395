/** Pictures in what is pasted: those that are files here stay, the rest cannot. */
import Delta from 'quill-delta'

/** Where this server keeps files of documents. */
const filePath = /^\/api\/v1\/documents\/[A-Za-z0-9_-]+\/files\/[A-Za-z0-9.]+$/
const inlinePicture = /^data:image\/(?:png|jpeg|gif|webp);base64,/

/** Whether the page's policy lets a picture be shown. */
export function isShown(address: string): boolean {
  return filePath.test(address) || inlinePicture.test(address)
}

/** A picture to be uploaded, and put where it stood in what was pasted. */
export interface Upload {
  readonly at: number
  readonly address: string
}

export interface Pasted {
  readonly delta: Delta
  readonly uploads: readonly Upload[]
  /** How many pictures became links, and how many are lost. */
  readonly links: number
  readonly lost: number
}

/**
 * Takes the pictures out of what is pasted that must not get into a document:
 * those with their bytes in the address are uploaded, and those of other sites,
 * which the page's policy does not let it load, become links.
 */
export function withoutForeignPictures(
  pasted: Delta,
  origin: string,
  nameOf: (host: string) => string,
): Pasted {
  const delta = new Delta()
  const uploads: Upload[] = []
  let [at, links, lost] = [0, 0, 0]
  for (const op of pasted.ops) {
    const picture = pictureOf(op.insert)
    const address = picture === null ? null : localAddress(picture, origin)
    if (picture === null) {
      delta.push(op)
      at += Delta.Op.length(op)
    } else if (address !== null && filePath.test(address)) {
      delta.insert({ image: address }, op.attributes)
      at++
    } else if (inlinePicture.test(picture)) {
      uploads.push({ at, address: picture })
    } else if (/^https?:/.test(picture)) {
      const alt = op.attributes?.['alt']
      const text = typeof alt === 'string' && alt.trim() ? alt : nameOf(new URL(picture).host)
      delta.insert(text, { link: picture })
      at += text.length
      links++
    } else {
      lost++
    }
  }
  return { delta, uploads, links, lost }
}

/** The picture that is in an address; the page's policy lets nothing fetch it from there. */
export function inlineBlob(address: string): Blob {
  const [head = '', data = ''] = address.split(',')
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0))
  return new Blob([bytes], { type: head.slice('data:'.length, head.indexOf(';')) })
}

function pictureOf(insert: unknown): string | null {
  if (typeof insert !== 'object' || insert === null || !('image' in insert)) return null
  return typeof insert.image === 'string' ? insert.image : ''
}

/** An address within this site as its path, any other as it is; null for what is none. */
function localAddress(address: string, origin: string): string | null {
  try {
    const url = new URL(address, origin)
    return url.origin === origin ? url.pathname : address
  } catch {
    return null
  }
}
