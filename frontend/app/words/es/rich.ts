import type { Parts } from '../catalogue'
import { counter } from '../plural'

const count = counter('es')

const rich: Parts['rich'] = {
  rich: {
    toolbar: 'Formato',
    paragraph: 'Estilo de párrafo',
    text: 'Texto',
    heading: (level) => `Encabezado ${level}`,
    quote: 'Cita',
    codeBlock: 'Bloque de código',
    undo: 'Deshacer',
    redo: 'Rehacer',
    bold: 'Negrita',
    italic: 'Cursiva',
    underline: 'Subrayado',
    strike: 'Tachado',
    code: 'Código',
    link: 'Enlace',
    picture: 'Imagen',
    bulletList: 'Lista con viñetas',
    orderedList: 'Lista numerada',
    checkList: 'Lista de tareas',
    tick: 'Marcar o desmarcar el elemento',
    outdent: 'Reducir sangría',
    indent: 'Aumentar sangría',
    alignCenter: 'Centrar',
    alignRight: 'Alinear al final de la línea',
    justify: 'Justificar',
    rightToLeft: 'Escribir de derecha a izquierda',
    clear: 'Borrar formato',
    toToolbar: 'Ir a la barra de formato',
    linkText: 'Texto',
    linkAddress: 'Dirección',
    linkInvalid: 'No es una dirección web, un correo electrónico ni un teléfono.',
    editLink: 'Editar enlace',
    removeLink: 'Quitar enlace',
    addLink: 'Añadir enlace',
    foreignPicture: (from) => `Imagen de ${from}, no mostrada`,
    uploading: (name, percent) => `Subiendo ${name}, ${percent}\u00a0%`,
    stopUpload: (name) => `Detener la subida de ${name}`,
    notUploaded: (name, why) => `${name} no se ha añadido. ${why}`,
    wrongType: 'Aquí solo se pueden añadir imágenes: PNG, JPEG, GIF o WebP.',
    tooLarge: (most) => `Una imagen puede ocupar ${most}\u00a0MB como máximo.`,
    readOnlyNow: 'El documento es ahora de solo lectura.',
    picturesAsLinks: (n) =>
      count(n, {
        one: '# imagen de otro sitio se ha pegado como enlace.',
        other: '# imágenes de otros sitios se han pegado como enlaces.',
      }),
    picturesLost: (n) =>
      count(n, {
        one: '# imagen no se pudo pegar. Guárdela como archivo y añádalo.',
        other: '# imágenes no se pudieron pegar. Guárdelas como archivos y añádalos.',
      }),
    pastedPicture: 'Imagen pegada',
    cannotShow:
      'Este documento contiene algo que el editor no puede mostrar. Se ha dejado como estaba.',
  },
}

export default rich
