import { counter } from '../plural'

const count = counter('en')

/** What the list of documents says. */
export default {
  home: {
    documents: 'Documents',
    trash: 'Trash',
    documentsInTrash: 'Documents in the trash',
    find: 'Find a document',
    newDocument: 'New document',
    openPalette: 'Commands',
    otherActions: 'More',
    listNotLoaded: 'The list could not be loaded',
    showMore: 'Show more',
    found: (n: number) => count(n, { one: '# document', other: '# documents' }),
    foundOrMore: (n: number) =>
      count(n, { one: '# document or more', other: '# documents or more' }),
    sort: 'Sort by',
    sorts: {
      best: 'Best match',
      updated: 'Last change',
      title: 'Title',
      created: 'Newest',
    },
    kind: 'Kind',
    kinds: {
      all: 'All kinds',
      text: 'Text and code',
      rich: 'Rich text',
    },
    tags: 'Tags',
    moreTags: 'More tags',
    fewerTags: 'Fewer tags',
    peopleIn: (names: string, others: number) =>
      others === 0
        ? `Here now: ${names}`
        : count(others, {
            one: `Here now: ${names} and # other`,
            other: `Here now: ${names} and # others`,
          }),
    noText: 'No text yet',
  },
  /** Where there is nothing to list. */
  nothing: {
    noMatch: (query: string) => `No document matches “${query}”.`,
    noMatchHint: 'Try fewer words, or the beginning of one.',
    noneSuch: 'No document has all of this.',
    showAll: 'Show all',
    trashEmpty: 'The trash is empty.',
    trashHint: 'What you move here can be brought back until you delete it for good.',
    nothingYet: 'Nothing here yet',
    startHint:
      'Start a document and send its address to somebody: whoever opens it writes with you.',
    shareHint: 'Start a document and share it: with people here, or by a link with anybody.',
    start: 'Start a document',
    importHint: 'Or drop files here: text, Markdown, HTML, or a ZIP of them.',
  },
  /** What can be done with a document in the list. */
  row: {
    /** Whose document it is. */
    from: (name: string) => `from ${name}`,
    more: (title: string) => `More for “${title}”`,
    rename: 'Rename',
    titleField: (title: string) => `Title of “${title}”`,
    editTags: 'Edit tags',
    tagsOf: (title: string) => `Tags of “${title}”`,
    addTag: 'Add a tag',
    removeTag: (tag: string) => `Remove the tag “${tag}”`,
    tagsDone: 'Done',
    onlyTag: (tag: string) => `Only documents with the tag “${tag}”`,
    duplicate: 'Duplicate',
    useAsTemplate: 'Use as template',
    noTemplate: 'No longer a template',
    download: 'Download as',
    formats: {
      md: 'Markdown',
      html: 'Web page (HTML)',
      txt: 'Plain text',
      delta: 'Delta (JSON)',
      archive: 'Archive with history',
    },
    moveToTrash: 'Move to trash',
    trashed: (ago: string) => `in the trash since: ${ago}`,
    bringBack: 'Bring back',
    deleteForGood: 'Delete for good',
    reallyDelete: (title: string) => `Delete “${title}” for good?`,
    reallyDeleteText: 'Its text and its whole history will be gone. This cannot be taken back.',
    emptyTrash: 'Empty trash',
    reallyEmpty: 'Delete everything in the trash for good?',
    undo: 'Undo',
    open: 'Open',
    inTrash: (title: string) => `“${title}” is in the trash.`,
    broughtBack: (title: string) => `“${title}” is back.`,
    deleted: (title: string) => `“${title}” is deleted for good.`,
    emptied: 'The trash is empty now.',
    duplicated: (title: string) => `“${title}” was created.`,
    madeTemplate: (title: string) => `“${title}” is offered as a template for new documents.`,
    notTrashed: (title: string, why: string) =>
      `“${title}” could not be moved to the trash. ${why}`,
    notBroughtBack: (title: string, why: string) => `“${title}” could not be brought back. ${why}`,
    notDeleted: (title: string, why: string) => `“${title}” could not be deleted. ${why}`,
    notEmptied: (why: string) => `The trash could not be emptied. ${why}`,
    notRenamed: (title: string, why: string) => `“${title}” could not be renamed. ${why}`,
    notTagged: (title: string, why: string) =>
      `The tags of “${title}” could not be changed. ${why}`,
    notDuplicated: (title: string, why: string) => `“${title}” could not be duplicated. ${why}`,
    notDownloaded: (title: string, why: string) => `“${title}” could not be downloaded. ${why}`,
  },
  /** Built-in templates: a title and Markdown. `today` is a date in words. */
  templates: {
    meeting: {
      title: 'Meeting notes',
      text: (today: string) =>
        `# Meeting notes\n\n**Date:** ${today}\n**Here:** \n\n## Agenda\n\n1. \n\n## Notes\n\n\n## Decisions\n\n- \n\n## To do\n\n- [ ] \n`,
    },
    brief: {
      title: 'Project brief',
      text: () =>
        `# Project brief\n\n## The problem\n\nWho has it, and what does it cost them?\n\n## What we want to reach\n\n- \n\n## What we leave out\n\n- \n\n## Milestones\n\n| When | What | Who |\n| --- | --- | --- |\n|  |  |  |\n\n## Risks\n\n- \n\n## Open questions\n\n- [ ] \n`,
    },
    decision: {
      title: 'Decision record',
      text: (today: string) =>
        `# Decision: \n\n**Date:** ${today}\n**State:** proposed\n\n## Context\n\nWhat makes us decide now?\n\n## Options\n\n### 1. \n\n- For: \n- Against: \n\n### 2. \n\n- For: \n- Against: \n\n## Decision\n\n\n## Consequences\n\n- \n`,
    },
    week: {
      title: 'Weekly plan',
      text: (today: string) =>
        `# Weekly plan\n\n**From:** ${today}\n\n## What matters most\n\n1. \n\n## Monday\n\n- [ ] \n\n## Tuesday\n\n- [ ] \n\n## Wednesday\n\n- [ ] \n\n## Thursday\n\n- [ ] \n\n## Friday\n\n- [ ] \n\n## Looking back\n\n`,
    },
    retrospective: {
      title: 'Retrospective',
      text: (today: string) =>
        `# Retrospective\n\n**Date:** ${today}\n\n## What went well\n\n- \n\n## What did not\n\n- \n\n## What we learnt\n\n- \n\n## What we try next\n\n- [ ] \n`,
    },
  },
  importing: {
    chooseFiles: 'Import files',
    exportAll: 'Download all as ZIP',
    notExported: (why: string) => `The documents could not be downloaded. ${why}`,
    dropHere: 'Drop files to import them',
    dropKinds: 'Text, Markdown, HTML, code, deltas, or a ZIP of them',
    files: 'Imported files',
    progress: (done: number, all: number) => `${done} of ${all} files`,
    finished: (n: number) => count(n, { one: '# file imported', other: '# files imported' }),
    failed: (n: number) => count(n, { one: '# file failed', other: '# files failed' }),
    waiting: 'Waiting',
    running: 'Importing…',
    documents: (n: number) => count(n, { one: '# document', other: '# documents' }),
    close: 'Close',
    errors: {
      folder: 'A folder cannot be imported. Make a ZIP of it.',
      unknownKind: 'This kind of file cannot be imported.',
      notText: 'The file is not text in UTF-8.',
      unreadable: 'The file could not be read.',
      tooLarge: 'The file is too large.',
      exists: 'A document of this archive is here already, perhaps in the trash.',
    },
  },
}
