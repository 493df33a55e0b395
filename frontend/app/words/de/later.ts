import type { Parts } from '../catalogue'
import { counter } from '../plural'

const count = counter('de')

const changes = (n: number) => count(n, { one: '# Änderung', other: '# Änderungen' })

const later: Parts['later'] = {
  creating: {
    title: 'Titel',
    whatKind: 'Art des Dokuments',
    kinds: {
      markdown: 'Markdown',
      rich: 'Formatierter Text',
      code: 'Code',
      plain: 'Reiner Text',
    },
    hints: {
      markdown: 'Notizen mit Vorschau',
      rich: 'Wie in einer Textverarbeitung',
      code: 'In Farbe, mit Zeilennummern',
      plain: 'Nur Buchstaben',
    },
    language: 'Sprache',
    templates: 'Oder mit einer Vorlage beginnen',
    yours: 'Eigene',
    templatesHint: 'Auch Dokumente mit dem Schlagwort „template“ werden hier angeboten.',
    templatesNotLoaded: (why) => `Die eigenen Vorlagen konnten nicht geladen werden. ${why}`,
    create: 'Erstellen',
    notCreated: (why) => `Das Dokument konnte nicht erstellt werden. ${why}`,
  },
  palette: {
    title: 'Befehle und Dokumente',
    placeholder: 'Dokumente und Befehle suchen …',
    open: 'Befehlspalette öffnen',
    commands: 'Befehle',
    recent: 'Zuletzt geöffnet',
    documents: 'Dokumente',
    results: (n) => count(n, { one: '# Ergebnis', other: '# Ergebnisse' }),
    nothing: 'Nichts gefunden.',
    searching: 'Suche läuft …',
    notSearched: (why) => `Die Dokumente konnten nicht durchsucht werden. ${why}`,
    notLoaded:
      'Die Befehlspalette konnte nicht geladen werden. Bitte mit Internetverbindung erneut versuchen.',
  },
  shortcuts: {
    title: 'Tastenkürzel',
    everywhere: 'Überall',
    here: 'Auf dieser Seite',
    inLists: 'In der Dokumentliste',
    nextDocument: 'Nächstes Dokument',
    previousDocument: 'Vorheriges Dokument',
    close: 'Schließen',
  },
  unsaved: {
    changesTo: (n) => `${changes(n)} an`,
    lost: '– Speichern fehlgeschlagen. Zum Kopieren des Textes bitte das Dokument öffnen.',
    kept: '– in diesem Tab aufbewahrt bis zum Speichern auf dem Server. Bitte den Tab offen lassen.',
    stored: '– auf diesem Gerät aufbewahrt bis zum Speichern auf dem Server.',
  },
  drafts: {
    drafts: 'Entwürfe',
    explanation:
      'Text, der nicht in seinem Dokument gespeichert werden konnte. Entwürfe bleiben nur in diesem Browser.',
    none: 'Es gibt keine Entwürfe. Alles Geschriebene steht in seinem Dokument.',
    thereAre: (n) =>
      count(n, {
        one: '# Entwurf enthält Text, der nicht gespeichert werden konnte.',
        other: '# Entwürfe enthalten Text, der nicht gespeichert werden konnte.',
      }),
    look: 'Entwürfe ansehen',
    keptAs: 'Ihr Text ist als Entwurf aufbewahrt.',
    copyText: 'Text kopieren',
    copyWhole: 'Ganzes Dokument kopieren',
    download: 'Herunterladen',
    restore: 'Als neues Dokument wiederherstellen',
    copyOf: (title) => `${title} (wiederhergestellt)`,
    notRestored: (why) => `Der Entwurf konnte nicht wiederhergestellt werden. ${why}`,
    discard: 'Verwerfen …',
    discardForGood: 'Endgültig verwerfen',
    discardTitle: 'Diesen Entwurf verwerfen?',
    discardQuestion: (title) =>
      `Der für „${title}“ geschriebene Text verschwindet dann auch aus diesem Browser.`,
    openElsewhere:
      'Dieses Dokument ist in einem anderen Tab geöffnet. Bitte zuerst dort schließen.',
    openDocument: 'Dokument öffnen',
    because: {
      noAccess: 'Sie haben keinen Zugriff mehr auf das Dokument.',
      gone: 'Das Dokument gibt es nicht mehr.',
      inTrash: 'Das Dokument liegt im Papierkorb.',
      replaced: 'Das Dokument wurde durch ein anderes ersetzt.',
      restored:
        'Der Server wurde aus einer älteren Sicherung wiederhergestellt. Dieser Text war danach gespeichert worden.',
      damaged: 'Was der Server vom Dokument aufbewahrt, ist beschädigt.',
      tooLarge: 'Das Dokument wäre zu groß geworden.',
      refused: 'Der Server hat diese Änderung nicht angenommen.',
    },
  },
  settings: {
    open: 'Einstellungen',
    title: 'Einstellungen',
    close: 'Einstellungen schließen',
    theme: 'Erscheinungsbild',
    themes: { system: 'System', light: 'Hell', dark: 'Dunkel' },
    language: 'Sprache',
    editor: 'Texteditor',
    textSize: 'Textgröße',
    percent: (size) => `${size}\u00a0%`,
    larger: 'Text vergrößern',
    smaller: 'Text verkleinern',
    wrap: 'Lange Zeilen umbrechen',
    lineNumbers: 'Zeilennummern',
    habits: { auto: 'Passend zum Text', on: 'Immer', off: 'Nie' },
    vim: 'Vim-Tasten',
    vimHint: 'Die Maus funktioniert wie gewohnt.',
    keptHere: 'Diese Einstellungen bleiben in diesem Browser und gelten nur für Sie.',
  },
  menu: {
    document: 'Aktionen für dieses Dokument',
    markdown: 'Als Markdown exportieren',
    plain: 'Als reinen Text exportieren',
    html: 'Als HTML exportieren',
    delta: 'Als Delta (JSON) exportieren',
    archive: 'Mit dem ganzen Verlauf exportieren',
    print: 'Drucken',
    duplicate: 'Duplizieren',
    copyTitle: (title) => `${title} (Kopie)`,
    notDuplicated: (why) => `Das Dokument konnte nicht dupliziert werden. ${why}`,
    moveToTrash: 'In den Papierkorb',
    inTrash: (title) => `„${title}“ liegt im Papierkorb.`,
    undo: 'Rückgängig',
    notTrashed: (why) => `Das Dokument konnte nicht in den Papierkorb verschoben werden. ${why}`,
    download: (what) => `Herunterladen: ${what}`,
    copyLink: 'Link zu diesem Dokument kopieren',
  },
  share: {
    share: 'Teilen',
    access: 'Wer Zugriff hat',
    title: 'Dieses Dokument teilen',
    hint: 'Wer diesen Server erreicht und die Adresse hat, kann das Dokument öffnen und darin schreiben.',
    link: 'Adresse',
    copyLink: 'Adresse kopieren',
    embed: 'Für eine eigene Webseite',
    embedHint:
      'Diesen Code in die Seite einfügen. Der Server muss ihre Adresse erlauben: siehe --embed-from.',
    copyEmbed: 'Code kopieren',
    openWhole: 'In eigenem Tab öffnen',
  },
  chat: {
    title: 'Chat',
    show: (unread) =>
      unread === 0
        ? 'Chat'
        : count(unread, {
            one: 'Chat, # ungelesene Nachricht',
            other: 'Chat, # ungelesene Nachrichten',
          }),
    close: 'Chat schließen',
    messages: 'Nachrichten im Chat',
    notLoaded: 'Der Chat konnte nicht geladen werden',
    older: 'Ältere Nachrichten anzeigen',
    new: 'Neu',
    empty: 'Noch keine Nachrichten. Was Sie hier schreiben, bleibt neben dem Dokument stehen.',
    sending: 'wird gesendet …',
    message: 'Nachricht',
    placeholder: 'An alle hier schreiben. Mit @ jemanden erwähnen.',
    send: 'Senden',
    names: 'Personen zum Erwähnen',
    refused: (why) => `Ihre Nachricht wurde nicht gesendet: ${why}.`,
    readOnly: 'Sie können hier lesen, aber nicht schreiben.',
    remove: (text) => `Nachricht „${text}“ löschen`,
    removeShort: 'Löschen',
    notRemoved: (why) => `Die Nachricht konnte nicht gelöscht werden. ${why}`,
    heard: (name, text) => `${name} sagt: ${text}`,
    called: (name) => `${name} hat Sie im Chat erwähnt.`,
  },
  stopped: {
    1000: 'Ihre Sitzung wurde von der Administration beendet. Sie können das Dokument wieder öffnen.',
    1009: 'Eine Änderung war zu groß für den Server. Er hat deshalb die Verbindung getrennt.',
    4401: 'Zum Öffnen dieses Dokuments bitte anmelden.',
    otherPerson:
      'Hier ist jetzt jemand anderes angemeldet. Was Sie geschrieben haben, wird nicht unter dessen Namen gesendet.',
    signedOut: 'Sie sind abgemeldet. Melden Sie sich wieder an; Ihr Text bleibt hier.',
    linkEnded:
      'Der Link, über den Sie gekommen sind, lässt niemanden mehr herein. Ihr Text bleibt hier.',
    4403: 'Sie haben keinen Zugriff auf dieses Dokument.',
    4404: 'Unter dieser Adresse gibt es kein Dokument.',
    4410: 'Dieses Dokument wurde in den Papierkorb verschoben.',
    4500: 'Der Server kann dieses Dokument nicht zeigen: Was er davon aufbewahrt, ist beschädigt.',
    damagedHelp:
      'Andere öffnen sich wie immer. Wer den Server betreibt, erfährt mit „tutti verify“ mehr und kann versuchen, das Dokument zu reparieren oder aus einer Sicherung zurückzuholen.',
    broken:
      'Diese Seite und der Server verstehen sich nicht. Bitte die Seite neu laden. Hilft das nicht, haben beide verschiedene Versionen.',
    other: (code) => `Der Server hat die Verbindung getrennt (${code}).`,
  },
  refused: {
    replaced: 'Das Dokument wurde in Ihrer Abwesenheit durch ein anderes ersetzt.',
    restored:
      'Der Server wurde aus einer älteren Sicherung wiederhergestellt. Text, der danach gespeichert worden war, steht nicht mehr in diesem Dokument.',
    readOnly: 'Sie können dieses Dokument lesen, aber nicht ändern.',
    tooLarge: 'Das war zu groß, um es auf einmal anzunehmen. Bitte in kleineren Teilen versuchen.',
    documentTooLarge: 'Das Dokument wäre größer geworden, als der Server erlaubt.',
  },
}

export default later
