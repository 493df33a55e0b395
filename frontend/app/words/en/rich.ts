import { counter } from '../plural'

const count = counter('en')

/** What the rich text editor says. */
export default {
  rich: {
    toolbar: 'Formatting',
    paragraph: 'Paragraph style',
    text: 'Text',
    heading: (level: number) => `Heading ${level}`,
    quote: 'Quote',
    codeBlock: 'Code block',
    undo: 'Undo',
    redo: 'Redo',
    bold: 'Bold',
    italic: 'Italic',
    underline: 'Underline',
    strike: 'Strikethrough',
    code: 'Code',
    link: 'Link',
    picture: 'Picture',
    bulletList: 'Bulleted list',
    orderedList: 'Numbered list',
    checkList: 'Checklist',
    tick: 'Tick or untick the item',
    outdent: 'Less indent',
    indent: 'More indent',
    alignCenter: 'Centre',
    alignRight: 'Align to the end',
    justify: 'Justify',
    rightToLeft: 'Write from right to left',
    clear: 'Clear formatting',
    toToolbar: 'Go to the formatting toolbar',
    linkText: 'Text',
    linkAddress: 'Address',
    linkInvalid: 'That is no address of a page, a mailbox or a telephone.',
    editLink: 'Edit link',
    removeLink: 'Remove link',
    addLink: 'Add link',
    foreignPicture: (from: string) => `Picture from ${from}, not shown`,
    uploading: (name: string, percent: number) => `Uploading ${name}, ${percent} %`,
    stopUpload: (name: string) => `Stop uploading ${name}`,
    notUploaded: (name: string, why: string) => `${name} was not added. ${why}`,
    wrongType: 'Only pictures can be added here: PNG, JPEG, GIF or WebP.',
    tooLarge: (most: number) => `A picture may have at most ${most} MB.`,
    readOnlyNow: 'The document can only be read now.',
    picturesAsLinks: (n: number) =>
      count(n, {
        one: '# picture from another site was pasted as a link.',
        other: '# pictures from other sites were pasted as links.',
      }),
    picturesLost: (n: number) =>
      count(n, {
        one: '# picture could not be pasted. Save it as a file and add that.',
        other: '# pictures could not be pasted. Save them as files and add those.',
      }),
    pastedPicture: 'Pasted picture',
    cannotShow: 'This document holds something that the editor cannot show. It was left as it is.',
  },
}
