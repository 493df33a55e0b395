/** Pictures of a document, kept beside it as files. */
import { ApiError, apiUrl, pathOf, problemFrom, send, showing, type CallOptions } from './call'

/** What the server takes as a picture. */
export const pictureTypes: readonly string[] = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
]

/** Bytes of one file. */
export const largestFile = 10 * 1024 * 1024

export interface FileInfo {
  readonly name: string
  /** To be put into the document as it is: `{ insert: { image: url } }`. */
  readonly url: string
  readonly type: string
  /** Bytes. */
  readonly size: number
  /** Pixels. */
  readonly width: number
  readonly height: number
}

type UploadOptions = CallOptions & { onProgress?: (share: number) => void }

/** Uploads a picture; `onProgress` is told the share that is through, from 0 to 1. */
export function uploadFile(id: string, file: Blob, options: UploadOptions = {}): Promise<FileInfo> {
  return showing(options.token, (bearer) => upload(id, file, bearer, options))
}

function upload(
  id: string,
  file: Blob,
  bearer: string | undefined,
  { url, signal, onProgress }: UploadOptions,
): Promise<FileInfo> {
  return new Promise((resolve, reject) => {
    // Not fetch, which says nothing of how far an upload is.
    const request = new XMLHttpRequest()
    request.open('POST', apiUrl(url, `${pathOf(id)}/files`))
    request.setRequestHeader('Accept', 'application/json')
    request.setRequestHeader('Content-Type', file.type)
    if (bearer) request.setRequestHeader('Authorization', `Bearer ${bearer}`)
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total ? loaded / total : 0)
    request.onload = () => {
      if (request.status === 201) resolve(JSON.parse(request.responseText) as FileInfo)
      else reject(problemFrom(request.status, request.statusText, request.responseText))
    }
    request.onerror = () =>
      reject(new ApiError(0, 'unreachable', 'The server could not be reached.'))
    request.onabort = () => reject(new DOMException('The upload was stopped.', 'AbortError'))
    signal?.addEventListener('abort', () => request.abort())
    if (signal?.aborted) request.onabort(new ProgressEvent('abort'))
    else request.send(file)
  })
}

/**
 * A picture by its `url`, as a page needs it that shows tokens: an `<img>` has none.
 * Give `URL.createObjectURL` of it to that.
 */
export async function fetchFile(address: string, options?: CallOptions): Promise<Blob> {
  const path = address.replace(/^\/api\/v1/, '')
  return (await send('GET', path, {}, undefined, options)).blob()
}
