import type account from './en/account'
import type administration from './en/administration'
import type core from './en/core'
import type history from './en/history'
import type home from './en/home'
import type later from './en/later'
import type rich from './en/rich'
import type sharing from './en/sharing'

/**
 * Every sentence of the app. English, in the folder `en`, is what the other
 * languages are held against by the compiler. A sentence with something in it
 * is a function, so that each language puts the parts in its own order and
 * counts in its own way.
 */
export interface Parts {
  core: typeof core
  later: typeof later
  administration: typeof administration
  home: typeof home
  history: typeof history
  rich: typeof rich
  sharing: typeof sharing
  account: typeof account
}

/** The core is always there, each other part once its page is; `later` comes after every page. */
export type Part = keyof Parts

export type Words = Parts['core'] &
  Parts['later'] &
  Parts['administration'] &
  Parts['home'] &
  Parts['history'] &
  Parts['rich'] &
  Parts['sharing'] &
  Parts['account']
