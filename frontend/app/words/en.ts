import { counter } from './plural'

const count = counter('en')

const changes = (n: number) => count(n, { one: '# change', other: '# changes' })

/**
 * Every sentence of the app, in English: the catalogue that the others are
 * held against. A sentence with something in it is a function, so that each
 * language puts the parts in its own order and counts in its own way.
 */
export const en = {
  common: {
    cancel: 'Cancel',
    save: 'Save',
    dismiss: 'Dismiss',
    copied: 'Copied',
    copyFailed: 'The browser did not allow copying. Please select and copy by hand.',
    tryAgain: 'Try again',
    loading: 'Loading…',
    messages: 'Messages',
    allDocuments: 'All documents',
    untitled: 'Untitled',
    richText: 'Rich text',
    justNow: 'just now',
    characters: (n: number) => count(n, { one: '# character', other: '# characters' }),
    edits: (n: number) => count(n, { one: '# edit', other: '# edits' }),
    changes,
  },
  page: {
    nothingHere: 'There is nothing at this address',
    partLost: 'A part of it may have been lost on the way.',
    notLoaded: 'This page could not be loaded',
    serverAway: 'The server is away, or it was updated.',
    loadAgain: 'Load it again',
  },
  home: {
    documents: 'Documents',
    trash: 'Trash',
    documentsInTrash: 'Documents in the trash',
    find: 'Find a document',
    newDocument: 'New document',
    listNotLoaded: 'The list could not be loaded',
    noMatch: (query: string) => `No document matches “${query}”.`,
    showAll: 'Show all',
    showMore: 'Show more',
    trashEmpty: 'The trash is empty.',
    nothingYet: 'Nothing here yet',
    startHint:
      'Start a document and send its address to somebody: whoever opens it writes with you.',
    start: 'Start a document',
    title: 'Title',
    language: 'Language',
    create: 'Create',
    notCreated: (why: string) => `It could not be created. ${why}`,
    rename: 'Rename',
    moveToTrash: 'Move to trash',
    bringBack: 'Bring back',
    undo: 'Undo',
    titleField: (title: string) => `Title of “${title}”`,
    more: (title: string) => `More for “${title}”`,
    inTrash: (title: string) => `“${title}” is in the trash.`,
    notTrashed: (title: string, why: string) =>
      `“${title}” could not be moved to the trash. ${why}`,
    notBroughtBack: (title: string, why: string) => `“${title}” could not be brought back. ${why}`,
    notRenamed: (title: string, why: string) => `“${title}” could not be renamed. ${why}`,
  },
  unsaved: {
    /** Followed by the document's title, then one of the two that come next. */
    changesTo: (n: number) => `${changes(n)} to`,
    lost: 'could not be saved. Open it to copy your text.',
    kept: 'are kept in this tab until the server has them. Please leave it open.',
  },
  document: {
    opening: 'Opening…',
    unreachable: 'The server cannot be reached. Trying again shortly…',
    editorNotLoaded: 'The editor could not be loaded. Please reload the page.',
    title: 'Title',
    language: 'Language',
    noLanguage: 'No language',
    titleNotChanged: (why: string) => `The title could not be changed. ${why}`,
    languageNotChanged: (why: string) => `The language could not be changed. ${why}`,
    copyLink: 'Copy link',
    refusedOne: 'Your last change was not accepted and has been taken back.',
    refusedMany: (n: number) =>
      count(n, {
        one: '# of your changes was not accepted and has been taken back.',
        other: '# of your changes were not accepted and have been taken back.',
      }),
    copyTakenBack: 'Copy what was taken back',
    notSent: (n: number) =>
      `${changes(n)} did not reach the server. Copy your text before you leave this page.`,
    copyUnsaved: 'Copy unsaved text',
    copyAll: 'Copy whole text',
    bringItBack: 'Bring it back',
    notBroughtBack: (why: string) => `It could not be brought back. ${why}`,
    connectAgain: 'Connect again',
  },
  saving: {
    saved: 'Saved',
    saving: 'Saving…',
    readOnly: 'Read only',
    notConnected: 'Not connected',
    reconnecting: 'Reconnecting…',
    offline: 'Offline',
    keptHere: (state: string, n: number) => `${state} — ${changes(n)} kept here`,
  },
  people: {
    here: 'People here',
    more: 'more',
    you: 'You',
    changeMe: (name: string) => `are ${name}: change name and colour`,
    whoYouAre: 'Who you are',
    yourName: 'Your name',
    yourColour: 'Your colour',
    joined: (name: string) => `${name} joined.`,
    left: (name: string) => `${name} left.`,
    nowOffline: 'Offline. Your changes are kept here.',
    nowConnected: 'Connected.',
    colours: {
      orange: 'Orange',
      raspberry: 'Raspberry',
      plum: 'Plum',
      violet: 'Violet',
      blue: 'Blue',
      teal: 'Teal',
      green: 'Green',
      ochre: 'Ochre',
    },
  },
  text: {
    documentText: 'Document text',
    placeholder: 'Write something. Whoever opens this page writes with you.',
    highlightingNotLoaded: 'The highlighting could not be loaded. Everything else works.',
  },
  /** Why a request failed. */
  errors: {
    unexpected: 'Something unexpected happened in this page.',
    unreachable: 'The server cannot be reached.',
    login: 'You need to log in first.',
    forbidden: 'You may not do this here.',
    gone: 'The document does not exist any more.',
    inTrash: 'The document is in the trash.',
    tooMuch: 'That was too much at once; please wait a moment.',
    serverTrouble: 'The server has trouble of its own; please try again in a while.',
  },
  /** Why the server closed a document for good, by the code of the close. */
  stopped: {
    1000: 'An administrator ended your session. You can open the document again.',
    1009: 'A change was too large for the server, so it closed the connection.',
    4401: 'You need to log in to open this document.',
    4403: 'You have no access to this document.',
    4404: 'There is no document at this address.',
    4410: 'This document was moved to the trash.',
    broken:
      'This page and the server do not understand each other. Reload the page; if that does not help, the two are of different versions.',
    other: (code: number) => `The server closed the connection (${code}).`,
  },
  /** Why the server did not take a change. */
  refused: {
    readOnly: 'You may read this document, but not change it.',
    tooLarge: 'It was too large to be taken at once. Try it in smaller pieces.',
    documentTooLarge: 'The document would have become larger than the server allows.',
  },
}

export type Words = typeof en
