import { vim } from '@replit/codemirror-vim'
import type { Extension } from '@codemirror/state'

/** The keys of Vim, with its line for modes and commands below the text. */
export const vimKeys: Extension = vim({ status: true })
