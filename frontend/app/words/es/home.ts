import type { Parts } from '../catalogue'
import { counter } from '../plural'

const count = counter('es')

const documents = (n: number) => count(n, { one: '# documento', other: '# documentos' })

const home: Parts['home'] = {
  home: {
    documents: 'Documentos',
    trash: 'Papelera',
    documentsInTrash: 'Documentos en la papelera',
    find: 'Buscar un documento',
    newDocument: 'Nuevo documento',
    openPalette: 'Comandos',
    otherActions: 'Más',
    listNotLoaded: 'No se pudo cargar la lista',
    showMore: 'Mostrar más',
    found: documents,
    foundOrMore: (n) => `${documents(n)} o más`,
    sort: 'Ordenar por',
    sorts: {
      best: 'Relevancia',
      updated: 'Último cambio',
      title: 'Título',
      created: 'Más recientes',
    },
    kind: 'Tipo',
    kinds: {
      all: 'Todos los tipos',
      text: 'Texto y código',
      rich: 'Texto enriquecido',
    },
    tags: 'Etiquetas',
    moreTags: 'Más etiquetas',
    fewerTags: 'Menos etiquetas',
    peopleIn: (names, others) =>
      others === 0
        ? `Ahora aquí: ${names}`
        : `Ahora aquí: ${names} y ${count(others, { one: '# persona más', other: '# personas más' })}`,
    noText: 'Aún sin texto',
  },
  nothing: {
    noMatch: (query) => `Ningún documento coincide con «${query}».`,
    noMatchHint: 'Pruebe con menos palabras o con el principio de una.',
    noneSuch: 'Ningún documento reúne todo esto.',
    showAll: 'Mostrar todo',
    trashEmpty: 'La papelera está vacía.',
    trashHint: 'Lo que se mueve aquí se puede restaurar hasta que se elimine definitivamente.',
    nothingYet: 'Aún no hay nada aquí',
    startHint:
      'Empiece un documento y envíe su dirección a alguien: quien lo abra también podrá escribir.',
    shareHint:
      'Empiece un documento y compártalo: con personas de aquí o, mediante un enlace, con cualquiera.',
    start: 'Empezar un documento',
    importHint: 'O suelte archivos aquí: texto, Markdown, HTML o un ZIP con ellos.',
  },
  row: {
    from: (name) => `de ${name}`,
    more: (title) => `Más acciones para «${title}»`,
    rename: 'Cambiar nombre',
    titleField: (title) => `Título de «${title}»`,
    editTags: 'Editar etiquetas',
    tagsOf: (title) => `Etiquetas de «${title}»`,
    addTag: 'Añadir etiqueta',
    removeTag: (tag) => `Quitar la etiqueta «${tag}»`,
    tagsDone: 'Listo',
    onlyTag: (tag) => `Solo documentos con la etiqueta «${tag}»`,
    duplicate: 'Duplicar',
    useAsTemplate: 'Usar como plantilla',
    noTemplate: 'Dejar de usar como plantilla',
    download: 'Descargar como',
    formats: {
      md: 'Markdown',
      html: 'Página web (HTML)',
      txt: 'Texto sin formato',
      delta: 'Delta (JSON)',
      archive: 'Archivo con historial',
    },
    moveToTrash: 'Mover a la papelera',
    trashed: (ago) => `movido a la papelera: ${ago}`,
    bringBack: 'Restaurar',
    deleteForGood: 'Eliminar definitivamente',
    reallyDelete: (title) => `¿Eliminar «${title}» definitivamente?`,
    reallyDeleteText: 'Se perderán su texto y todo su historial. Esta acción no se puede deshacer.',
    emptyTrash: 'Vaciar la papelera',
    reallyEmpty: '¿Eliminar definitivamente todo lo que hay en la papelera?',
    undo: 'Deshacer',
    open: 'Abrir',
    inTrash: (title) => `«${title}» está en la papelera.`,
    broughtBack: (title) => `«${title}» se ha restaurado.`,
    deleted: (title) => `«${title}» se ha eliminado definitivamente.`,
    emptied: 'La papelera ya está vacía.',
    duplicated: (title) => `Se ha creado «${title}».`,
    madeTemplate: (title) => `«${title}» se ofrece como plantilla para documentos nuevos.`,
    notTrashed: (title, why) => `No se pudo mover «${title}» a la papelera. ${why}`,
    notBroughtBack: (title, why) => `No se pudo restaurar «${title}». ${why}`,
    notDeleted: (title, why) => `No se pudo eliminar «${title}». ${why}`,
    notEmptied: (why) => `No se pudo vaciar la papelera. ${why}`,
    notRenamed: (title, why) => `No se pudo cambiar el nombre de «${title}». ${why}`,
    notTagged: (title, why) => `No se pudieron cambiar las etiquetas de «${title}». ${why}`,
    notDuplicated: (title, why) => `No se pudo duplicar «${title}». ${why}`,
    notDownloaded: (title, why) => `No se pudo descargar «${title}». ${why}`,
  },
  templates: {
    meeting: {
      title: 'Notas de reunión',
      text: (today) =>
        `# Notas de reunión\n\n**Fecha:** ${today}\n**Asistentes:** \n\n## Orden del día\n\n1. \n\n## Notas\n\n\n## Decisiones\n\n- \n\n## Tareas\n\n- [ ] \n`,
    },
    brief: {
      title: 'Resumen de proyecto',
      text: () =>
        `# Resumen de proyecto\n\n## El problema\n\n¿Quién lo tiene y qué le cuesta?\n\n## Lo que queremos lograr\n\n- \n\n## Lo que dejamos fuera\n\n- \n\n## Hitos\n\n| Cuándo | Qué | Quién |\n| --- | --- | --- |\n|  |  |  |\n\n## Riesgos\n\n- \n\n## Preguntas abiertas\n\n- [ ] \n`,
    },
    decision: {
      title: 'Registro de decisión',
      text: (today) =>
        `# Decisión: \n\n**Fecha:** ${today}\n**Estado:** propuesta\n\n## Contexto\n\n¿Por qué decidimos ahora?\n\n## Opciones\n\n### 1. \n\n- A favor: \n- En contra: \n\n### 2. \n\n- A favor: \n- En contra: \n\n## Decisión\n\n\n## Consecuencias\n\n- \n`,
    },
    week: {
      title: 'Plan semanal',
      text: (today) =>
        `# Plan semanal\n\n**Desde:** ${today}\n\n## Lo más importante\n\n1. \n\n## Lunes\n\n- [ ] \n\n## Martes\n\n- [ ] \n\n## Miércoles\n\n- [ ] \n\n## Jueves\n\n- [ ] \n\n## Viernes\n\n- [ ] \n\n## Balance\n\n`,
    },
    retrospective: {
      title: 'Retrospectiva',
      text: (today) =>
        `# Retrospectiva\n\n**Fecha:** ${today}\n\n## Lo que salió bien\n\n- \n\n## Lo que no salió bien\n\n- \n\n## Lo que aprendimos\n\n- \n\n## Lo que probaremos ahora\n\n- [ ] \n`,
    },
  },
  importing: {
    chooseFiles: 'Importar archivos',
    exportAll: 'Descargar todo como ZIP',
    notExported: (why) => `No se pudieron descargar los documentos. ${why}`,
    dropHere: 'Suelte archivos para importarlos',
    dropKinds: 'Texto, Markdown, HTML, código, deltas o un ZIP con ellos',
    files: 'Archivos importados',
    progress: (done, all) => `${done} de ${count(all, { one: '# archivo', other: '# archivos' })}`,
    finished: (n) => count(n, { one: '# archivo importado', other: '# archivos importados' }),
    failed: (n) => count(n, { one: '# archivo con error', other: '# archivos con error' }),
    waiting: 'En espera',
    running: 'Importando…',
    documents,
    close: 'Cerrar',
    errors: {
      folder: 'No se puede importar una carpeta. Conviértala en un ZIP.',
      unknownKind: 'No se puede importar este tipo de archivo.',
      notText: 'El archivo no es texto en UTF-8.',
      unreadable: 'No se pudo leer el archivo.',
      tooLarge: 'El archivo es demasiado grande.',
      exists: 'Ya hay aquí un documento de este archivo, quizá en la papelera.',
    },
  },
}

export default home
