import type { Parts } from '../catalogue'
import { counter } from '../plural'

const count = counter('de')

const rich: Parts['rich'] = {
  rich: {
    toolbar: 'Formatierung',
    paragraph: 'Absatzformat',
    text: 'Text',
    heading: (level) => `Überschrift ${level}`,
    quote: 'Zitat',
    codeBlock: 'Codeblock',
    undo: 'Rückgängig',
    redo: 'Wiederholen',
    bold: 'Fett',
    italic: 'Kursiv',
    underline: 'Unterstrichen',
    strike: 'Durchgestrichen',
    code: 'Code',
    link: 'Link',
    picture: 'Bild',
    bulletList: 'Aufzählung',
    orderedList: 'Nummerierte Liste',
    checkList: 'Checkliste',
    tick: 'Eintrag abhaken oder Haken entfernen',
    outdent: 'Einzug verkleinern',
    indent: 'Einzug vergrößern',
    alignCenter: 'Zentrieren',
    alignRight: 'Am Zeilenende ausrichten',
    justify: 'Blocksatz',
    rightToLeft: 'Von rechts nach links schreiben',
    clear: 'Formatierung entfernen',
    toToolbar: 'Zur Formatierungsleiste',
    linkText: 'Text',
    linkAddress: 'Adresse',
    linkInvalid: 'Das ist keine Web-, E-Mail- oder Telefonadresse.',
    editLink: 'Link bearbeiten',
    removeLink: 'Link entfernen',
    addLink: 'Link hinzufügen',
    foreignPicture: (from) => `Bild von ${from}, nicht angezeigt`,
    uploading: (name, percent) => `${name} wird hochgeladen, ${percent}\u00a0%`,
    stopUpload: (name) => `Hochladen von ${name} abbrechen`,
    notUploaded: (name, why) => `${name} wurde nicht hinzugefügt. ${why}`,
    wrongType: 'Hier lassen sich nur Bilder hinzufügen: PNG, JPEG, GIF oder WebP.',
    tooLarge: (most) => `Ein Bild darf höchstens ${most}\u00a0MB groß sein.`,
    readOnlyNow: 'Das Dokument kann jetzt nur noch gelesen werden.',
    picturesAsLinks: (n) =>
      count(n, {
        one: '# Bild von einer anderen Website wurde als Link eingefügt.',
        other: '# Bilder von anderen Websites wurden als Links eingefügt.',
      }),
    picturesLost: (n) =>
      count(n, {
        one: '# Bild konnte nicht eingefügt werden. Bitte als Datei speichern und diese hinzufügen.',
        other:
          '# Bilder konnten nicht eingefügt werden. Bitte als Dateien speichern und diese hinzufügen.',
      }),
    pastedPicture: 'Eingefügtes Bild',
    cannotShow:
      'Dieses Dokument enthält etwas, das der Editor nicht anzeigen kann. Es wurde unverändert gelassen.',
  },
}

export default rich
