import {
  deleteDocument,
  duplicateDocument,
  emptyTrash,
  exportDocument,
  patchDocument,
  restoreDocument,
  type DocumentInfo,
  type ExportFormat,
} from '#client'
import { navigate } from '../location.svelte'
import { documentHref } from '../router'
import { saveFile } from '../ui/save'
import { toast } from '../ui/toasts.svelte'
import { words } from '../words/index.svelte'
import { explain, titleOf } from '../words/sentences'
import type { Listing } from './listing.svelte'

/** Documents with this tag are offered as templates. */
export const templateTag = 'template'

/** What people do with documents in a list. What fails says so; the list then shows what is. */
export class DocumentActions {
  readonly #listing: Listing
  /** Tags are written whole, so one after the other: the last list wins. */
  #tagging = Promise.resolve()

  constructor(listing: Listing) {
    this.#listing = listing
  }

  moveToTrash(document: DocumentInfo): Promise<void> {
    const title = titleOf(document)
    return this.#attempt(
      (why) => words().row.notTrashed(title, why),
      async () => {
        await deleteDocument(document.id)
        this.#listing.remove(document.id)
        toast({
          text: words().row.inTrash(title),
          action: { label: words().row.undo, run: () => void this.#undoTrash(document) },
        })
      },
    )
  }

  bringBack(document: DocumentInfo): Promise<void> {
    return this.#restore(document, () => {
      this.#listing.remove(document.id)
      toast({
        text: words().row.broughtBack(titleOf(document)),
        action: { label: words().row.open, run: () => navigate(documentHref(document.id)) },
      })
    })
  }

  #undoTrash(document: DocumentInfo): Promise<void> {
    return this.#restore(document, () => this.#listing.refresh())
  }

  #restore(document: DocumentInfo, then: () => void | Promise<void>): Promise<void> {
    return this.#attempt(
      (why) => words().row.notBroughtBack(titleOf(document), why),
      async () => {
        await restoreDocument(document.id)
        await then()
      },
    )
  }

  deleteForGood(document: DocumentInfo): Promise<void> {
    const title = titleOf(document)
    return this.#attempt(
      (why) => words().row.notDeleted(title, why),
      async () => {
        await deleteDocument(document.id, { permanent: true })
        this.#listing.remove(document.id)
        toast({ text: words().row.deleted(title) })
      },
    )
  }

  emptyTrash(): Promise<void> {
    return this.#attempt(
      (why) => words().row.notEmptied(why),
      async () => {
        await emptyTrash()
        await this.#listing.refresh()
        toast({ text: words().row.emptied })
      },
    )
  }

  rename(document: DocumentInfo, title: string): Promise<void> {
    return this.#attempt(
      (why) => words().row.notRenamed(titleOf(document), why),
      async () => this.#listing.replace(await patchDocument(document.id, { title })),
    )
  }

  setTags(document: DocumentInfo, tags: readonly string[]): Promise<void> {
    this.#tagging = this.#tagging.then(() =>
      this.#attempt(
        (why) => words().row.notTagged(titleOf(document), why),
        async () => this.#listing.replace(await patchDocument(document.id, { tags })),
      ),
    )
    return this.#tagging
  }

  async toggleTemplate(document: DocumentInfo): Promise<void> {
    const others = document.tags.filter((tag) => tag !== templateTag)
    const adds = others.length === document.tags.length
    await this.setTags(document, adds ? [...others, templateTag] : others)
    if (adds) toast({ text: words().row.madeTemplate(titleOf(document)) })
  }

  duplicate(document: DocumentInfo): Promise<void> {
    return this.#attempt(
      (why) => words().row.notDuplicated(titleOf(document), why),
      async () => {
        const copy = await duplicateDocument(document.id)
        await this.#listing.refresh()
        toast({
          text: words().row.duplicated(titleOf(copy)),
          action: { label: words().row.open, run: () => navigate(documentHref(copy.id)) },
        })
      },
    )
  }

  download(document: DocumentInfo, format: ExportFormat): Promise<void> {
    return this.#attempt(
      (why) => words().row.notDownloaded(titleOf(document), why),
      async () => saveFile(await exportDocument(document.id, format)),
    )
  }

  async #attempt(failure: (why: string) => string, action: () => Promise<void>): Promise<void> {
    try {
      await action()
    } catch (error) {
      toast({ text: failure(explain(error)), stays: true })
    }
  }
}
