import type { Parts } from '../catalogue'
import { counter } from '../plural'

const count = counter('fr')

const changes = (n: number) => count(n, { one: '# modification', other: '# modifications' })

const later: Parts['later'] = {
  creating: {
    title: 'Titre',
    whatKind: 'Type de document',
    kinds: {
      markdown: 'Markdown',
      rich: 'Texte enrichi',
      code: 'Code',
      plain: 'Texte brut',
    },
    hints: {
      markdown: 'Des notes avec un aperçu',
      rich: 'Comme dans un traitement de texte',
      code: 'En couleurs, avec numéros de ligne',
      plain: 'Rien que des lettres',
    },
    language: 'Langage',
    templates: 'Ou partir d’un modèle',
    yours: 'Les vôtres',
    templatesHint:
      'Les documents portant l’étiquette «\u202ftemplate\u202f» sont également proposés ici.',
    templatesNotLoaded: (why) => `Impossible de charger vos propres modèles. ${why}`,
    create: 'Créer',
    notCreated: (why) => `Impossible de créer le document. ${why}`,
  },
  palette: {
    title: 'Commandes et documents',
    placeholder: 'Rechercher des documents et des commandes…',
    open: 'Ouvrir la palette de commandes',
    commands: 'Commandes',
    recent: 'Documents récents',
    documents: 'Documents',
    results: (n) => count(n, { one: '# résultat', other: '# résultats' }),
    nothing: 'Aucun résultat.',
    searching: 'Recherche…',
    notSearched: (why) => `Impossible de rechercher dans les documents. ${why}`,
    notLoaded:
      'Impossible de charger la palette de commandes. Veuillez réessayer une fois en ligne.',
  },
  shortcuts: {
    title: 'Raccourcis clavier',
    everywhere: 'Partout',
    here: 'Sur cette page',
    inLists: 'Dans la liste des documents',
    nextDocument: 'Document suivant',
    previousDocument: 'Document précédent',
    close: 'Fermer',
  },
  unsaved: {
    changesTo: (n) => `${changes(n)} dans`,
    lost: '— enregistrement impossible. Ouvrez le document pour copier votre texte.',
    kept: '— en attente dans cet onglet jusqu’à l’enregistrement sur le serveur. Veuillez le laisser ouvert.',
    stored: '— en attente sur cet appareil jusqu’à l’enregistrement sur le serveur.',
  },
  drafts: {
    drafts: 'Brouillons',
    explanation:
      'Ce que vous avez écrit et qui n’a pas pu être enregistré dans son document. Les brouillons ne sont conservés que dans ce navigateur.',
    none: 'Aucun brouillon. Tout ce que vous avez écrit est dans son document.',
    thereAre: (n) =>
      count(n, {
        one: '# brouillon contient du texte qui n’a pas pu être enregistré.',
        other: '# brouillons contiennent du texte qui n’a pas pu être enregistré.',
      }),
    look: 'Voir les brouillons',
    keptAs: 'Votre texte est conservé comme brouillon.',
    copyText: 'Copier le texte',
    copyWhole: 'Copier tout le document',
    download: 'Télécharger',
    restore: 'Restaurer comme nouveau document',
    copyOf: (title) => `${title} (restauré)`,
    notRestored: (why) => `Impossible de restaurer le brouillon. ${why}`,
    discard: 'Supprimer…',
    discardForGood: 'Supprimer définitivement',
    discardTitle: 'Supprimer ce brouillon\u202f?',
    discardQuestion: (title) =>
      `Ce que vous avez écrit pour «\u202f${title}\u202f» disparaîtra alors aussi de ce navigateur.`,
    openElsewhere: 'Ce document est ouvert dans un autre onglet. Fermez-le d’abord là-bas.',
    openDocument: 'Ouvrir le document',
    because: {
      noAccess: 'Vous n’avez plus accès au document.',
      gone: 'Le document n’existe plus.',
      inTrash: 'Le document est dans la corbeille.',
      replaced: 'Le document a été remplacé par un autre.',
      restored:
        'Le serveur a été restauré à partir d’une sauvegarde plus ancienne. Ce texte avait été enregistré après elle.',
      damaged: 'Ce que le serveur conserve du document est endommagé.',
      tooLarge: 'Le document serait devenu trop volumineux.',
      refused: 'Le serveur n’a pas accepté cette modification.',
    },
  },
  settings: {
    open: 'Paramètres',
    title: 'Paramètres',
    close: 'Fermer les paramètres',
    theme: 'Apparence',
    themes: { system: 'Système', light: 'Clair', dark: 'Sombre' },
    language: 'Langue',
    editor: 'Éditeur de texte',
    textSize: 'Taille du texte',
    percent: (size) => `${size}\u202f%`,
    larger: 'Agrandir le texte',
    smaller: 'Réduire le texte',
    wrap: 'Renvoi à la ligne automatique',
    lineNumbers: 'Numéros de ligne',
    habits: { auto: 'Selon le texte', on: 'Toujours', off: 'Jamais' },
    vim: 'Touches Vim',
    vimHint: 'La souris fonctionne comme avant.',
    keptHere: 'Ces paramètres restent dans ce navigateur et ne valent que pour vous.',
  },
  menu: {
    document: 'Actions pour ce document',
    markdown: 'Exporter en Markdown',
    plain: 'Exporter en texte brut',
    html: 'Exporter en HTML',
    delta: 'Exporter en delta (JSON)',
    archive: 'Exporter avec tout l’historique',
    print: 'Imprimer',
    duplicate: 'Dupliquer',
    copyTitle: (title) => `${title} (copie)`,
    notDuplicated: (why) => `Impossible de dupliquer le document. ${why}`,
    moveToTrash: 'Mettre à la corbeille',
    inTrash: (title) => `«\u202f${title}\u202f» est dans la corbeille.`,
    undo: 'Annuler',
    notTrashed: (why) => `Impossible de mettre le document à la corbeille. ${why}`,
    download: (what) => `Télécharger\u00a0: ${what}`,
    copyLink: 'Copier le lien vers ce document',
  },
  share: {
    share: 'Partager',
    access: 'Qui a accès',
    title: 'Partager ce document',
    hint: 'Toute personne qui peut joindre ce serveur et possède l’adresse peut ouvrir le document et y écrire.',
    link: 'Adresse',
    copyLink: 'Copier l’adresse',
    embed: 'Pour l’une de vos pages',
    embedHint:
      'Insérez ce code dans la page. Le serveur doit autoriser l’adresse de celle-ci\u00a0: voir --embed-from.',
    copyEmbed: 'Copier le code',
    openWhole: 'Ouvrir dans un onglet séparé',
  },
  chat: {
    title: 'Discussion',
    show: (unread) =>
      unread === 0
        ? 'Discussion'
        : count(unread, {
            one: 'Discussion, # message non lu',
            other: 'Discussion, # messages non lus',
          }),
    close: 'Fermer la discussion',
    messages: 'Messages de la discussion',
    notLoaded: 'Impossible de charger la discussion',
    older: 'Afficher les messages plus anciens',
    new: 'Nouveaux',
    empty: 'Aucun message pour l’instant. Ce que vous écrivez ici reste à côté du document.',
    sending: 'envoi…',
    message: 'Message',
    placeholder: 'Écrivez à toutes les personnes présentes. @ pour mentionner quelqu’un.',
    send: 'Envoyer',
    names: 'Personnes à mentionner',
    refused: (why) => `Votre message n’a pas été envoyé\u00a0: ${why}.`,
    readOnly: 'Vous pouvez lire ici, mais pas écrire.',
    remove: (text) => `Supprimer le message «\u202f${text}\u202f»`,
    removeShort: 'Supprimer',
    notRemoved: (why) => `Impossible de supprimer le message. ${why}`,
    heard: (name, text) => `${name} dit\u00a0: ${text}`,
    called: (name) => `${name} vous mentionne dans la discussion.`,
  },
  stopped: {
    1000: 'Votre session a été fermée par l’administration. Vous pouvez rouvrir le document.',
    1009: 'Une modification était trop volumineuse pour le serveur, qui a fermé la connexion.',
    4401: 'Vous devez vous connecter pour ouvrir ce document.',
    otherPerson:
      'Quelqu’un d’autre est maintenant connecté ici. Ce que vous avez écrit n’est pas envoyé sous son nom.',
    signedOut: 'Vous êtes déconnecté. Reconnectez-vous pour continuer ; votre texte reste ici.',
    linkEnded:
      'Le lien par lequel vous êtes venu ne laisse plus entrer personne. Votre texte reste ici.',
    4403: 'Vous n’avez pas accès à ce document.',
    4404: 'Il n’y a pas de document à cette adresse.',
    4410: 'Ce document a été mis à la corbeille.',
    4500: 'Le serveur ne peut pas afficher ce document\u202f: ce qu’il en conserve est endommagé.',
    damagedHelp:
      'Les autres s’ouvrent comme toujours. La personne qui gère le serveur en apprendra plus avec «\u00a0tutti verify\u00a0» et peut essayer de réparer le document ou de le reprendre d’une sauvegarde.',
    broken:
      'Cette page et le serveur ne se comprennent pas. Rechargez la page\u202f; si cela ne suffit pas, leurs versions sont différentes.',
    other: (code) => `Le serveur a fermé la connexion (${code}).`,
  },
  refused: {
    replaced: 'Le document a été remplacé par un autre pendant votre absence.',
    restored:
      'Le serveur a été restauré à partir d’une sauvegarde plus ancienne. Le texte enregistré après elle n’est plus dans ce document.',
    readOnly: 'Vous pouvez lire ce document, mais pas le modifier.',
    tooLarge: 'C’était trop volumineux pour être accepté d’un coup. Essayez en plusieurs fois.',
    documentTooLarge: 'Le document serait devenu plus volumineux que le serveur ne le permet.',
  },
}

export default later
