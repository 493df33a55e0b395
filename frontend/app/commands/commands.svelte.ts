import { untrack } from 'svelte'

/** Something that can be done now, from the palette or by its keys. */
export interface Command {
  /** Stable, for the list of those used last. */
  id: string
  /** In the person's language. */
  label: string
  /** As CodeMirror writes keys: "Mod-k", "Mod-Shift-p"; Mod is Command on a Mac, else Control. */
  keys?: string
  run: () => void
}

type Offer = () => readonly Command[]

let offers = $state.raw<readonly Offer[]>([])

/** All that can be done now, by what is on the page. Reactive. */
export function commands(): readonly Command[] {
  return offers.flatMap((offer) => offer())
}

/** Offers commands until the function that it returns is called: `$effect(() => offerCommands(…))`. */
export function offerCommands(offer: Offer): () => void {
  // An effect that read the offers which it changes would run for ever.
  untrack(() => (offers = [...offers, offer]))
  return () => {
    offers = offers.filter((other) => other !== offer)
  }
}
