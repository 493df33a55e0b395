import type { Parts } from '../catalogue'
import { counter } from '../plural'

const count = counter('ja')

const rich: Parts['rich'] = {
  rich: {
    toolbar: '書式',
    paragraph: '段落スタイル',
    text: '本文',
    heading: (level) => `見出し${level}`,
    quote: '引用',
    codeBlock: 'コードブロック',
    undo: '元に戻す',
    redo: 'やり直す',
    bold: '太字',
    italic: '斜体',
    underline: '下線',
    strike: '取り消し線',
    code: 'コード',
    link: 'リンク',
    picture: '画像',
    bulletList: '箇条書き',
    orderedList: '番号付きリスト',
    checkList: 'チェックリスト',
    tick: '項目のチェックを切り替える',
    outdent: 'インデントを減らす',
    indent: 'インデントを増やす',
    alignCenter: '中央揃え',
    alignRight: '行末揃え',
    justify: '両端揃え',
    rightToLeft: '右から左に書く',
    clear: '書式をクリア',
    toToolbar: '書式ツールバーへ移動',
    linkText: 'テキスト',
    linkAddress: 'アドレス',
    linkInvalid: 'ページ、メール、電話のアドレスではありません。',
    editLink: 'リンクを編集',
    removeLink: 'リンクを解除',
    addLink: 'リンクを追加',
    foreignPicture: (from) => `${from}の画像（非表示）`,
    uploading: (name, percent) => `${name}をアップロード中、${percent}%`,
    stopUpload: (name) => `${name}のアップロードを中止`,
    notUploaded: (name, why) => `${name}を追加できませんでした。${why}`,
    wrongType: 'ここに追加できるのは画像のみです: PNG、JPEG、GIF、WebP。',
    tooLarge: (most) => `画像は${most} MBまでです。`,
    readOnlyNow: 'この文書は現在、閲覧のみ可能です。',
    picturesAsLinks: (n) =>
      count(n, { other: 'ほかのサイトの画像#件をリンクとして貼り付けました。' }),
    picturesLost: (n) =>
      count(n, {
        other: '画像#件を貼り付けられませんでした。ファイルとして保存してから追加してください。',
      }),
    pastedPicture: '貼り付けた画像',
    cannotShow:
      'この文書には、エディターで表示できないものが含まれています。そのまま残してあります。',
  },
}

export default rich
