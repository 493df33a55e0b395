import type { Parts } from '../catalogue'
import { counter } from '../plural'

const count = counter('fr')

const rich: Parts['rich'] = {
  rich: {
    toolbar: 'Mise en forme',
    paragraph: 'Style de paragraphe',
    text: 'Texte',
    heading: (level) => `Titre ${level}`,
    quote: 'Citation',
    codeBlock: 'Bloc de code',
    undo: 'Annuler',
    redo: 'Rétablir',
    bold: 'Gras',
    italic: 'Italique',
    underline: 'Souligné',
    strike: 'Barré',
    code: 'Code',
    link: 'Lien',
    picture: 'Image',
    bulletList: 'Liste à puces',
    orderedList: 'Liste numérotée',
    checkList: 'Liste de tâches',
    tick: 'Cocher ou décocher l’élément',
    outdent: 'Diminuer le retrait',
    indent: 'Augmenter le retrait',
    alignCenter: 'Centrer',
    alignRight: 'Aligner en fin de ligne',
    justify: 'Justifier',
    rightToLeft: 'Écrire de droite à gauche',
    clear: 'Effacer la mise en forme',
    toToolbar: 'Aller à la barre de mise en forme',
    linkText: 'Texte',
    linkAddress: 'Adresse',
    linkInvalid: 'Ce n’est ni une adresse web, ni une adresse e-mail, ni un numéro de téléphone.',
    editLink: 'Modifier le lien',
    removeLink: 'Retirer le lien',
    addLink: 'Ajouter un lien',
    foreignPicture: (from) => `Image de ${from}, non affichée`,
    uploading: (name, percent) => `Envoi de ${name}, ${percent}\u202f%`,
    stopUpload: (name) => `Arrêter l’envoi de ${name}`,
    notUploaded: (name, why) => `${name} n’a pas été ajouté. ${why}`,
    wrongType: 'Seules des images peuvent être ajoutées ici\u00a0: PNG, JPEG, GIF ou WebP.',
    tooLarge: (most) => `Une image ne peut pas dépasser ${most}\u00a0Mo.`,
    readOnlyNow: 'Le document est maintenant en lecture seule.',
    picturesAsLinks: (n) =>
      count(n, {
        one: '# image d’un autre site a été collée sous forme de lien.',
        other: '# images d’autres sites ont été collées sous forme de liens.',
      }),
    picturesLost: (n) =>
      count(n, {
        one: '# image n’a pas pu être collée. Enregistrez-la dans un fichier, puis ajoutez-le.',
        other:
          '# images n’ont pas pu être collées. Enregistrez-les dans des fichiers, puis ajoutez-les.',
      }),
    pastedPicture: 'Image collée',
    cannotShow:
      'Ce document contient quelque chose que l’éditeur ne peut pas afficher. Cela a été laissé tel quel.',
  },
}

export default rich
