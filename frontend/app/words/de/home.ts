import type { Parts } from '../catalogue'
import { counter } from '../plural'

const count = counter('de')

const documents = (n: number) => count(n, { one: '# Dokument', other: '# Dokumente' })

const home: Parts['home'] = {
  home: {
    documents: 'Dokumente',
    trash: 'Papierkorb',
    documentsInTrash: 'Dokumente im Papierkorb',
    find: 'Dokument suchen',
    newDocument: 'Neues Dokument',
    openPalette: 'Befehle',
    otherActions: 'Mehr',
    listNotLoaded: 'Die Liste konnte nicht geladen werden',
    showMore: 'Mehr anzeigen',
    found: documents,
    foundOrMore: (n) => `${documents(n)} oder mehr`,
    sort: 'Sortieren nach',
    sorts: {
      best: 'Beste Treffer',
      updated: 'Letzte Änderung',
      title: 'Titel',
      created: 'Neueste',
    },
    kind: 'Art',
    kinds: {
      all: 'Alle Arten',
      text: 'Text und Code',
      rich: 'Formatierter Text',
    },
    tags: 'Schlagwörter',
    moreTags: 'Mehr Schlagwörter',
    fewerTags: 'Weniger Schlagwörter',
    peopleIn: (names, others) =>
      others === 0
        ? `Gerade hier: ${names}`
        : `Gerade hier: ${names} und ${count(others, { one: '# weitere Person', other: '# weitere' })}`,
    noText: 'Noch kein Text',
  },
  nothing: {
    noMatch: (query) => `Kein Dokument passt zu „${query}“.`,
    noMatchHint: 'Versuchen Sie es mit weniger Wörtern oder einem Wortanfang.',
    noneSuch: 'Auf kein Dokument trifft all das zu.',
    showAll: 'Alle anzeigen',
    trashEmpty: 'Der Papierkorb ist leer.',
    trashHint:
      'Was hierher verschoben wird, lässt sich wiederherstellen, bis es endgültig gelöscht ist.',
    nothingYet: 'Noch nichts hier',
    startHint:
      'Beginnen Sie ein Dokument und schicken Sie jemandem die Adresse: Wer es öffnet, schreibt mit.',
    shareHint:
      'Beginnen Sie ein Dokument und teilen Sie es: mit Leuten hier oder über einen Link mit allen anderen.',
    start: 'Dokument beginnen',
    importHint: 'Oder Dateien hier ablegen: Text, Markdown, HTML oder ein ZIP davon.',
  },
  row: {
    from: (name) => `von ${name}`,
    more: (title) => `Mehr für „${title}“`,
    rename: 'Umbenennen',
    titleField: (title) => `Titel von „${title}“`,
    editTags: 'Schlagwörter bearbeiten',
    tagsOf: (title) => `Schlagwörter von „${title}“`,
    addTag: 'Schlagwort hinzufügen',
    removeTag: (tag) => `Schlagwort „${tag}“ entfernen`,
    tagsDone: 'Fertig',
    onlyTag: (tag) => `Nur Dokumente mit dem Schlagwort „${tag}“`,
    duplicate: 'Duplizieren',
    useAsTemplate: 'Als Vorlage verwenden',
    noTemplate: 'Nicht mehr als Vorlage verwenden',
    download: 'Herunterladen als',
    formats: {
      md: 'Markdown',
      html: 'Webseite (HTML)',
      txt: 'Reiner Text',
      delta: 'Delta (JSON)',
      archive: 'Archiv mit Verlauf',
    },
    moveToTrash: 'In den Papierkorb',
    trashed: (ago) => `in den Papierkorb verschoben: ${ago}`,
    bringBack: 'Wiederherstellen',
    deleteForGood: 'Endgültig löschen',
    reallyDelete: (title) => `„${title}“ endgültig löschen?`,
    reallyDeleteText:
      'Text und gesamter Verlauf gehen verloren. Das lässt sich nicht rückgängig machen.',
    emptyTrash: 'Papierkorb leeren',
    reallyEmpty: 'Alles im Papierkorb endgültig löschen?',
    undo: 'Rückgängig',
    open: 'Öffnen',
    inTrash: (title) => `„${title}“ liegt im Papierkorb.`,
    broughtBack: (title) => `„${title}“ ist wiederhergestellt.`,
    deleted: (title) => `„${title}“ ist endgültig gelöscht.`,
    emptied: 'Der Papierkorb ist jetzt leer.',
    duplicated: (title) => `„${title}“ wurde erstellt.`,
    madeTemplate: (title) => `„${title}“ wird als Vorlage für neue Dokumente angeboten.`,
    notTrashed: (title, why) =>
      `„${title}“ konnte nicht in den Papierkorb verschoben werden. ${why}`,
    notBroughtBack: (title, why) => `„${title}“ konnte nicht wiederhergestellt werden. ${why}`,
    notDeleted: (title, why) => `„${title}“ konnte nicht gelöscht werden. ${why}`,
    notEmptied: (why) => `Der Papierkorb konnte nicht geleert werden. ${why}`,
    notRenamed: (title, why) => `„${title}“ konnte nicht umbenannt werden. ${why}`,
    notTagged: (title, why) =>
      `Die Schlagwörter von „${title}“ konnten nicht geändert werden. ${why}`,
    notDuplicated: (title, why) => `„${title}“ konnte nicht dupliziert werden. ${why}`,
    notDownloaded: (title, why) => `„${title}“ konnte nicht heruntergeladen werden. ${why}`,
  },
  templates: {
    meeting: {
      title: 'Besprechungsnotizen',
      text: (today) =>
        `# Besprechungsnotizen\n\n**Datum:** ${today}\n**Anwesend:** \n\n## Tagesordnung\n\n1. \n\n## Notizen\n\n\n## Beschlüsse\n\n- \n\n## Aufgaben\n\n- [ ] \n`,
    },
    brief: {
      title: 'Projektauftrag',
      text: () =>
        `# Projektauftrag\n\n## Das Problem\n\nWer hat es, und was kostet es die Betroffenen?\n\n## Was wir erreichen wollen\n\n- \n\n## Was wir weglassen\n\n- \n\n## Meilensteine\n\n| Wann | Was | Wer |\n| --- | --- | --- |\n|  |  |  |\n\n## Risiken\n\n- \n\n## Offene Fragen\n\n- [ ] \n`,
    },
    decision: {
      title: 'Entscheidungsprotokoll',
      text: (today) =>
        `# Entscheidung: \n\n**Datum:** ${today}\n**Stand:** vorgeschlagen\n\n## Hintergrund\n\nWarum entscheiden wir jetzt?\n\n## Möglichkeiten\n\n### 1. \n\n- Dafür: \n- Dagegen: \n\n### 2. \n\n- Dafür: \n- Dagegen: \n\n## Entscheidung\n\n\n## Folgen\n\n- \n`,
    },
    week: {
      title: 'Wochenplan',
      text: (today) =>
        `# Wochenplan\n\n**Ab:** ${today}\n\n## Was am wichtigsten ist\n\n1. \n\n## Montag\n\n- [ ] \n\n## Dienstag\n\n- [ ] \n\n## Mittwoch\n\n- [ ] \n\n## Donnerstag\n\n- [ ] \n\n## Freitag\n\n- [ ] \n\n## Rückblick\n\n`,
    },
    retrospective: {
      title: 'Retrospektive',
      text: (today) =>
        `# Retrospektive\n\n**Datum:** ${today}\n\n## Was gut lief\n\n- \n\n## Was nicht gut lief\n\n- \n\n## Was wir gelernt haben\n\n- \n\n## Was wir als Nächstes versuchen\n\n- [ ] \n`,
    },
  },
  importing: {
    chooseFiles: 'Dateien importieren',
    exportAll: 'Alle als ZIP herunterladen',
    notExported: (why) => `Die Dokumente konnten nicht heruntergeladen werden. ${why}`,
    dropHere: 'Dateien zum Importieren ablegen',
    dropKinds: 'Text, Markdown, HTML, Code, Deltas oder ein ZIP davon',
    files: 'Importierte Dateien',
    progress: (done, all) => `${done} von ${all} Dateien`,
    finished: (n) => count(n, { one: '# Datei importiert', other: '# Dateien importiert' }),
    failed: (n) => count(n, { one: '# Datei fehlgeschlagen', other: '# Dateien fehlgeschlagen' }),
    waiting: 'Wartet',
    running: 'Wird importiert …',
    documents,
    close: 'Schließen',
    errors: {
      folder: 'Ein Ordner kann nicht importiert werden. Bitte ein ZIP daraus machen.',
      unknownKind: 'Diese Art von Datei kann nicht importiert werden.',
      notText: 'Die Datei ist kein Text in UTF-8.',
      unreadable: 'Die Datei konnte nicht gelesen werden.',
      tooLarge: 'Die Datei ist zu groß.',
      exists: 'Ein Dokument aus diesem Archiv gibt es hier schon, vielleicht im Papierkorb.',
    },
  },
}

export default home
