type Prepare = () => Promise<void>

let prepare: Prepare | undefined

/** For editors: what is to be done before the page is printed, until the function that it returns is called. */
export function beforePrinting(wanted: Prepare): () => void {
  prepare = wanted
  return () => {
    if (prepare === wanted) prepare = undefined
  }
}

/** Prints the page, once all that belongs on paper is there. */
export async function printPage(): Promise<void> {
  await prepare?.()
  print()
}
