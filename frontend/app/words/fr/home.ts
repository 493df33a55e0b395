import type { Parts } from '../catalogue'
import { counter } from '../plural'

const count = counter('fr')

const documents = (n: number) => count(n, { one: '# document', other: '# documents' })

const home: Parts['home'] = {
  home: {
    documents: 'Documents',
    trash: 'Corbeille',
    documentsInTrash: 'Documents dans la corbeille',
    find: 'Rechercher un document',
    newDocument: 'Nouveau document',
    openPalette: 'Commandes',
    otherActions: 'Plus',
    listNotLoaded: 'Impossible de charger la liste',
    showMore: 'Afficher plus',
    found: documents,
    foundOrMore: (n) => `${documents(n)} ou plus`,
    sort: 'Trier par',
    sorts: {
      best: 'Pertinence',
      updated: 'Dernière modification',
      title: 'Titre',
      created: 'Plus récents',
    },
    kind: 'Type',
    kinds: {
      all: 'Tous les types',
      text: 'Texte et code',
      rich: 'Texte enrichi',
    },
    tags: 'Étiquettes',
    moreTags: 'Plus d’étiquettes',
    fewerTags: 'Moins d’étiquettes',
    peopleIn: (names, others) =>
      others === 0
        ? `Ici en ce moment\u00a0: ${names}`
        : `Ici en ce moment\u00a0: ${names} et ${count(others, { one: '# autre personne', other: '# autres personnes' })}`,
    noText: 'Pas encore de texte',
  },
  nothing: {
    noMatch: (query) => `Aucun document ne correspond à «\u202f${query}\u202f».`,
    noMatchHint: 'Essayez avec moins de mots, ou avec le début d’un mot.',
    noneSuch: 'Aucun document ne réunit tout cela.',
    showAll: 'Tout afficher',
    trashEmpty: 'La corbeille est vide.',
    trashHint:
      'Ce que vous mettez ici peut être restauré tant que vous ne l’avez pas supprimé définitivement.',
    nothingYet: 'Rien ici pour l’instant',
    startHint:
      'Commencez un document et envoyez son adresse à quelqu’un\u00a0: quiconque l’ouvre écrit avec vous.',
    shareHint:
      'Commencez un document et partagez-le\u00a0: avec des personnes d’ici ou, par un lien, avec n’importe qui.',
    start: 'Commencer un document',
    importHint:
      'Ou déposez des fichiers ici\u00a0: texte, Markdown, HTML, ou un ZIP qui en contient.',
  },
  row: {
    from: (name) => `de ${name}`,
    more: (title) => `Plus d’actions pour «\u202f${title}\u202f»`,
    rename: 'Renommer',
    titleField: (title) => `Titre de «\u202f${title}\u202f»`,
    editTags: 'Modifier les étiquettes',
    tagsOf: (title) => `Étiquettes de «\u202f${title}\u202f»`,
    addTag: 'Ajouter une étiquette',
    removeTag: (tag) => `Retirer l’étiquette «\u202f${tag}\u202f»`,
    tagsDone: 'Terminé',
    onlyTag: (tag) => `Seulement les documents avec l’étiquette «\u202f${tag}\u202f»`,
    duplicate: 'Dupliquer',
    useAsTemplate: 'Utiliser comme modèle',
    noTemplate: 'Ne plus utiliser comme modèle',
    download: 'Télécharger en',
    formats: {
      md: 'Markdown',
      html: 'Page web (HTML)',
      txt: 'Texte brut',
      delta: 'Delta (JSON)',
      archive: 'Archive avec l’historique',
    },
    moveToTrash: 'Mettre à la corbeille',
    trashed: (ago) => `mis à la corbeille\u00a0: ${ago}`,
    bringBack: 'Restaurer',
    deleteForGood: 'Supprimer définitivement',
    reallyDelete: (title) => `Supprimer définitivement «\u202f${title}\u202f»\u202f?`,
    reallyDeleteText:
      'Son texte et tout son historique disparaîtront. Cette action est irréversible.',
    emptyTrash: 'Vider la corbeille',
    reallyEmpty: 'Supprimer définitivement tout le contenu de la corbeille\u202f?',
    undo: 'Annuler',
    open: 'Ouvrir',
    inTrash: (title) => `«\u202f${title}\u202f» est dans la corbeille.`,
    broughtBack: (title) => `«\u202f${title}\u202f» est restauré.`,
    deleted: (title) => `«\u202f${title}\u202f» est définitivement supprimé.`,
    emptied: 'La corbeille est maintenant vide.',
    duplicated: (title) => `«\u202f${title}\u202f» a été créé.`,
    madeTemplate: (title) =>
      `«\u202f${title}\u202f» est proposé comme modèle pour les nouveaux documents.`,
    notTrashed: (title, why) =>
      `Impossible de mettre «\u202f${title}\u202f» à la corbeille. ${why}`,
    notBroughtBack: (title, why) => `Impossible de restaurer «\u202f${title}\u202f». ${why}`,
    notDeleted: (title, why) => `Impossible de supprimer «\u202f${title}\u202f». ${why}`,
    notEmptied: (why) => `Impossible de vider la corbeille. ${why}`,
    notRenamed: (title, why) => `Impossible de renommer «\u202f${title}\u202f». ${why}`,
    notTagged: (title, why) =>
      `Impossible de modifier les étiquettes de «\u202f${title}\u202f». ${why}`,
    notDuplicated: (title, why) => `Impossible de dupliquer «\u202f${title}\u202f». ${why}`,
    notDownloaded: (title, why) => `Impossible de télécharger «\u202f${title}\u202f». ${why}`,
  },
  templates: {
    meeting: {
      title: 'Compte rendu de réunion',
      text: (today) =>
        `# Compte rendu de réunion\n\n**Date\u00a0:** ${today}\n**Présents\u00a0:** \n\n## Ordre du jour\n\n1. \n\n## Notes\n\n\n## Décisions\n\n- \n\n## À faire\n\n- [ ] \n`,
    },
    brief: {
      title: 'Fiche de projet',
      text: () =>
        `# Fiche de projet\n\n## Le problème\n\nQui le rencontre, et que lui coûte-t-il\u202f?\n\n## Ce que nous voulons atteindre\n\n- \n\n## Ce que nous laissons de côté\n\n- \n\n## Jalons\n\n| Quand | Quoi | Qui |\n| --- | --- | --- |\n|  |  |  |\n\n## Risques\n\n- \n\n## Questions ouvertes\n\n- [ ] \n`,
    },
    decision: {
      title: 'Relevé de décision',
      text: (today) =>
        `# Décision\u00a0: \n\n**Date\u00a0:** ${today}\n**État\u00a0:** proposée\n\n## Contexte\n\nPourquoi décider maintenant\u202f?\n\n## Options\n\n### 1. \n\n- Pour\u00a0: \n- Contre\u00a0: \n\n### 2. \n\n- Pour\u00a0: \n- Contre\u00a0: \n\n## Décision\n\n\n## Conséquences\n\n- \n`,
    },
    week: {
      title: 'Plan de la semaine',
      text: (today) =>
        `# Plan de la semaine\n\n**À partir du\u00a0:** ${today}\n\n## Le plus important\n\n1. \n\n## Lundi\n\n- [ ] \n\n## Mardi\n\n- [ ] \n\n## Mercredi\n\n- [ ] \n\n## Jeudi\n\n- [ ] \n\n## Vendredi\n\n- [ ] \n\n## Bilan\n\n`,
    },
    retrospective: {
      title: 'Rétrospective',
      text: (today) =>
        `# Rétrospective\n\n**Date\u00a0:** ${today}\n\n## Ce qui a bien marché\n\n- \n\n## Ce qui n’a pas marché\n\n- \n\n## Ce que nous avons appris\n\n- \n\n## Ce que nous allons essayer\n\n- [ ] \n`,
    },
  },
  importing: {
    chooseFiles: 'Importer des fichiers',
    exportAll: 'Tout télécharger en ZIP',
    notExported: (why) => `Impossible de télécharger les documents. ${why}`,
    dropHere: 'Déposez des fichiers pour les importer',
    dropKinds: 'Texte, Markdown, HTML, code, deltas, ou un ZIP qui en contient',
    files: 'Fichiers importés',
    progress: (done, all) => `${done} sur ${count(all, { one: '# fichier', other: '# fichiers' })}`,
    finished: (n) => count(n, { one: '# fichier importé', other: '# fichiers importés' }),
    failed: (n) => count(n, { one: '# fichier en échec', other: '# fichiers en échec' }),
    waiting: 'En attente',
    running: 'Importation…',
    documents,
    close: 'Fermer',
    errors: {
      folder: 'Un dossier ne peut pas être importé. Faites-en un ZIP.',
      unknownKind: 'Ce type de fichier ne peut pas être importé.',
      notText: 'Le fichier n’est pas du texte en UTF-8.',
      unreadable: 'Impossible de lire le fichier.',
      tooLarge: 'Le fichier est trop volumineux.',
      exists: 'Un document de cette archive est déjà ici, peut-être dans la corbeille.',
    },
  },
}

export default home
