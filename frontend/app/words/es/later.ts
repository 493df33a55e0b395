import type { Parts } from '../catalogue'
import { counter } from '../plural'

const count = counter('es')

const changes = (n: number) => count(n, { one: '# cambio', other: '# cambios' })

const later: Parts['later'] = {
  creating: {
    title: 'Título',
    whatKind: 'Tipo de documento',
    kinds: {
      markdown: 'Markdown',
      rich: 'Texto enriquecido',
      code: 'Código',
      plain: 'Texto sin formato',
    },
    hints: {
      markdown: 'Notas con vista previa',
      rich: 'Como en un procesador de textos',
      code: 'En colores, con números de línea',
      plain: 'Solo letras',
    },
    language: 'Lenguaje',
    templates: 'O empezar con una plantilla',
    yours: 'Propias',
    templatesHint: 'Aquí se ofrecen también los documentos con la etiqueta «template».',
    templatesNotLoaded: (why) => `No se pudieron cargar las plantillas propias. ${why}`,
    create: 'Crear',
    notCreated: (why) => `No se pudo crear el documento. ${why}`,
  },
  palette: {
    title: 'Comandos y documentos',
    placeholder: 'Buscar documentos y comandos…',
    open: 'Abrir la paleta de comandos',
    commands: 'Comandos',
    recent: 'Documentos recientes',
    documents: 'Documentos',
    results: (n) => count(n, { one: '# resultado', other: '# resultados' }),
    nothing: 'No se encontró nada.',
    searching: 'Buscando…',
    notSearched: (why) => `No se pudo buscar en los documentos. ${why}`,
    notLoaded: 'No se pudo cargar la paleta de comandos. Vuelva a intentarlo cuando haya conexión.',
  },
  shortcuts: {
    title: 'Atajos de teclado',
    everywhere: 'En todas partes',
    here: 'En esta página',
    inLists: 'En la lista de documentos',
    nextDocument: 'Documento siguiente',
    previousDocument: 'Documento anterior',
    close: 'Cerrar',
  },
  unsaved: {
    changesTo: (n) => `${changes(n)} en`,
    lost: '— no se pudo guardar. Abra el documento para copiar su texto.',
    kept: '— a salvo en esta pestaña hasta que el servidor confirme. Déjela abierta.',
    stored: '— a salvo en este dispositivo hasta que el servidor confirme.',
  },
  drafts: {
    drafts: 'Borradores',
    explanation:
      'Texto que no se pudo guardar en su documento. Los borradores se conservan solo en este navegador.',
    none: 'No hay borradores. Todo lo escrito está en su documento.',
    thereAre: (n) =>
      count(n, {
        one: '# borrador contiene texto que no se pudo guardar.',
        other: '# borradores contienen texto que no se pudo guardar.',
      }),
    look: 'Ver los borradores',
    keptAs: 'Su texto se conserva como borrador.',
    copyText: 'Copiar texto',
    copyWhole: 'Copiar todo el documento',
    download: 'Descargar',
    restore: 'Restaurar como documento nuevo',
    copyOf: (title) => `${title} (restaurado)`,
    notRestored: (why) => `No se pudo restaurar el borrador. ${why}`,
    discard: 'Descartar…',
    discardForGood: 'Descartar definitivamente',
    discardTitle: '¿Descartar este borrador?',
    discardQuestion: (title) =>
      `Lo escrito para «${title}» desaparecerá también de este navegador.`,
    openElsewhere: 'Este documento está abierto en otra pestaña. Ciérrelo antes allí.',
    openDocument: 'Abrir el documento',
    because: {
      noAccess: 'Ya no tiene acceso al documento.',
      gone: 'El documento ya no existe.',
      inTrash: 'El documento está en la papelera.',
      replaced: 'El documento fue sustituido por otro.',
      restored:
        'El servidor se restauró a partir de una copia de seguridad anterior. Este texto se había guardado después de ella.',
      damaged: 'Lo que el servidor guarda del documento está dañado.',
      tooLarge: 'El documento habría sido demasiado grande.',
      refused: 'El servidor no aceptó este cambio.',
    },
  },
  settings: {
    open: 'Ajustes',
    title: 'Ajustes',
    close: 'Cerrar los ajustes',
    theme: 'Apariencia',
    themes: { system: 'Sistema', light: 'Claro', dark: 'Oscuro' },
    language: 'Idioma',
    editor: 'Editor de texto',
    textSize: 'Tamaño del texto',
    percent: (size) => `${size}\u00a0%`,
    larger: 'Ampliar el texto',
    smaller: 'Reducir el texto',
    wrap: 'Ajustar líneas largas',
    lineNumbers: 'Números de línea',
    habits: { auto: 'Según el texto', on: 'Siempre', off: 'Nunca' },
    vim: 'Teclas de Vim',
    vimHint: 'El ratón funciona como siempre.',
    keptHere: 'Estos ajustes se guardan en este navegador y no afectan a nadie más.',
  },
  menu: {
    document: 'Acciones para este documento',
    markdown: 'Exportar como Markdown',
    plain: 'Exportar como texto sin formato',
    html: 'Exportar como HTML',
    delta: 'Exportar como delta (JSON)',
    archive: 'Exportar con todo el historial',
    print: 'Imprimir',
    duplicate: 'Duplicar',
    copyTitle: (title) => `${title} (copia)`,
    notDuplicated: (why) => `No se pudo duplicar el documento. ${why}`,
    moveToTrash: 'Mover a la papelera',
    inTrash: (title) => `«${title}» está en la papelera.`,
    undo: 'Deshacer',
    notTrashed: (why) => `No se pudo mover el documento a la papelera. ${why}`,
    download: (what) => `Descargar: ${what}`,
    copyLink: 'Copiar el enlace a este documento',
  },
  share: {
    share: 'Compartir',
    access: 'Quién tiene acceso',
    title: 'Compartir este documento',
    hint: 'Quien tenga acceso a este servidor y la dirección puede abrir el documento y escribir en él.',
    link: 'Dirección',
    copyLink: 'Copiar dirección',
    embed: 'Para una página propia',
    embedHint:
      'Inserte este código en la página. El servidor debe permitir la dirección de esta: véase --embed-from.',
    copyEmbed: 'Copiar código',
    openWhole: 'Abrir en una pestaña propia',
  },
  chat: {
    title: 'Chat',
    show: (unread) =>
      unread === 0
        ? 'Chat'
        : count(unread, {
            one: 'Chat, # mensaje sin leer',
            other: 'Chat, # mensajes sin leer',
          }),
    close: 'Cerrar el chat',
    messages: 'Mensajes del chat',
    notLoaded: 'No se pudo cargar el chat',
    older: 'Mostrar mensajes anteriores',
    new: 'Nuevos',
    empty: 'Aún no hay mensajes. Lo que se escribe aquí queda junto al documento.',
    sending: 'enviando…',
    message: 'Mensaje',
    placeholder: 'Escriba a todas las personas presentes. @ para mencionar a alguien.',
    send: 'Enviar',
    names: 'Personas que mencionar',
    refused: (why) => `Su mensaje no se envió: ${why}.`,
    readOnly: 'Aquí puede leer, pero no escribir.',
    remove: (text) => `Eliminar el mensaje «${text}»`,
    removeShort: 'Eliminar',
    notRemoved: (why) => `No se pudo eliminar el mensaje. ${why}`,
    heard: (name, text) => `${name} dice: ${text}`,
    called: (name) => `${name} le menciona en el chat.`,
  },
  stopped: {
    1000: 'La administración ha cerrado su sesión. Puede volver a abrir el documento.',
    1009: 'Un cambio era demasiado grande para el servidor, que ha cerrado la conexión.',
    4401: 'Es necesario iniciar sesión para abrir este documento.',
    otherPerson:
      'Ahora otra persona ha iniciado sesión aquí. Lo que usted ha escrito no se envía en nombre de ella.',
    signedOut:
      'Su sesión ha terminado. Vuelva a iniciarla para continuar; su texto permanece aquí.',
    linkEnded: 'El enlace por el que entró ya no deja entrar a nadie. Su texto permanece aquí.',
    4403: 'No tiene acceso a este documento.',
    4404: 'No hay ningún documento en esta dirección.',
    4410: 'Este documento se ha movido a la papelera.',
    4500: 'El servidor no puede mostrar este documento: lo que guarda de él está dañado.',
    damagedHelp:
      'Los demás se abren como siempre. Quien administra el servidor sabrá más con «tutti verify» y puede intentar reparar el documento o recuperarlo de una copia de seguridad.',
    broken:
      'Esta página y el servidor no se entienden. Vuelva a cargar la página; si no sirve, sus versiones son distintas.',
    other: (code) => `El servidor ha cerrado la conexión (${code}).`,
  },
  refused: {
    replaced: 'El documento fue sustituido por otro durante su ausencia.',
    restored:
      'El servidor se restauró a partir de una copia de seguridad anterior. El texto guardado después de ella ya no está en este documento.',
    readOnly: 'Puede leer este documento, pero no modificarlo.',
    tooLarge: 'Era demasiado grande para aceptarlo de una vez. Inténtelo en partes más pequeñas.',
    documentTooLarge: 'El documento habría superado el tamaño que permite el servidor.',
  },
}

export default later
