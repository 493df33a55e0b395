import type { Parts } from '../catalogue'
import { counter } from '../plural'

const count = counter('ja')
const digits = (n: number) => count(n, { other: '#' })

const documents = (n: number) => count(n, { other: '#件の文書' })

const home: Parts['home'] = {
  home: {
    documents: '文書',
    trash: 'ゴミ箱',
    documentsInTrash: 'ゴミ箱の文書',
    find: '文書を検索',
    newDocument: '新しい文書',
    openPalette: 'コマンド',
    otherActions: 'その他',
    listNotLoaded: '一覧を読み込めませんでした',
    showMore: 'さらに表示',
    found: documents,
    foundOrMore: (n) => count(n, { other: '#件以上の文書' }),
    sort: '並べ替え',
    sorts: {
      best: '一致度',
      updated: '最終変更',
      title: 'タイトル',
      created: '新しい順',
    },
    kind: '種類',
    kinds: {
      all: 'すべての種類',
      text: 'テキストとコード',
      rich: 'リッチテキスト',
    },
    tags: 'タグ',
    moreTags: 'タグをもっと表示',
    fewerTags: 'タグを減らす',
    peopleIn: (names, others) =>
      others === 0
        ? `今ここにいる人: ${names}`
        : `今ここにいる人: ${names}、${count(others, { other: 'ほか#人' })}`,
    noText: '本文はまだありません',
  },
  nothing: {
    noMatch: (query) => `「${query}」に一致する文書はありません。`,
    noMatchHint: '語を減らすか、語の先頭だけでお試しください。',
    noneSuch: 'すべての条件に合う文書はありません。',
    showAll: 'すべて表示',
    trashEmpty: 'ゴミ箱は空です。',
    trashHint: 'ここに入れた文書は、完全に削除するまで元に戻せます。',
    nothingYet: 'まだ何もありません',
    startHint: '文書を作り、アドレスを誰かに送ってください。開いた人は一緒に書けます。',
    shareHint: '文書を作り、ここのメンバーと、またはリンクで誰とでも共有できます。',
    start: '文書を作る',
    importHint:
      'ファイルをここにドロップすることもできます: テキスト、Markdown、HTML、それらのZIP。',
  },
  row: {
    from: (name) => `${name}さんの文書`,
    more: (title) => `「${title}」の操作`,
    rename: '名前を変更',
    titleField: (title) => `「${title}」のタイトル`,
    editTags: 'タグを編集',
    tagsOf: (title) => `「${title}」のタグ`,
    addTag: 'タグを追加',
    removeTag: (tag) => `タグ「${tag}」を外す`,
    tagsDone: '完了',
    onlyTag: (tag) => `タグ「${tag}」の文書のみ`,
    duplicate: '複製',
    useAsTemplate: 'テンプレートとして使う',
    noTemplate: 'テンプレートから外す',
    download: 'ダウンロード形式',
    formats: {
      md: 'Markdown',
      html: 'ウェブページ（HTML）',
      txt: 'プレーンテキスト',
      delta: 'デルタ（JSON）',
      archive: '履歴付きアーカイブ',
    },
    moveToTrash: 'ゴミ箱に入れる',
    trashed: (ago) => `ゴミ箱に入れた日時: ${ago}`,
    bringBack: '元に戻す',
    deleteForGood: '完全に削除',
    reallyDelete: (title) => `「${title}」を完全に削除しますか？`,
    reallyDeleteText: '本文とすべての履歴が失われます。この操作は元に戻せません。',
    emptyTrash: 'ゴミ箱を空にする',
    reallyEmpty: 'ゴミ箱の中身をすべて完全に削除しますか？',
    undo: '元に戻す',
    open: '開く',
    inTrash: (title) => `「${title}」をゴミ箱に入れました。`,
    broughtBack: (title) => `「${title}」を元に戻しました。`,
    deleted: (title) => `「${title}」を完全に削除しました。`,
    emptied: 'ゴミ箱を空にしました。',
    duplicated: (title) => `「${title}」を作成しました。`,
    madeTemplate: (title) => `「${title}」を新しい文書のテンプレートとして使えるようにしました。`,
    notTrashed: (title, why) => `「${title}」をゴミ箱に入れられませんでした。${why}`,
    notBroughtBack: (title, why) => `「${title}」を元に戻せませんでした。${why}`,
    notDeleted: (title, why) => `「${title}」を削除できませんでした。${why}`,
    notEmptied: (why) => `ゴミ箱を空にできませんでした。${why}`,
    notRenamed: (title, why) => `「${title}」の名前を変更できませんでした。${why}`,
    notTagged: (title, why) => `「${title}」のタグを変更できませんでした。${why}`,
    notDuplicated: (title, why) => `「${title}」を複製できませんでした。${why}`,
    notDownloaded: (title, why) => `「${title}」をダウンロードできませんでした。${why}`,
  },
  templates: {
    meeting: {
      title: '議事録',
      text: (today) =>
        `# 議事録\n\n**日付:** ${today}\n**出席者:** \n\n## 議題\n\n1. \n\n## メモ\n\n\n## 決定事項\n\n- \n\n## やること\n\n- [ ] \n`,
    },
    brief: {
      title: 'プロジェクト概要',
      text: () =>
        `# プロジェクト概要\n\n## 課題\n\n誰が困っていて、どのような損失がありますか？\n\n## 目標\n\n- \n\n## 対象外\n\n- \n\n## マイルストーン\n\n| いつ | 何を | 誰が |\n| --- | --- | --- |\n|  |  |  |\n\n## リスク\n\n- \n\n## 未解決の問い\n\n- [ ] \n`,
    },
    decision: {
      title: '決定の記録',
      text: (today) =>
        `# 決定: \n\n**日付:** ${today}\n**状態:** 提案\n\n## 背景\n\nなぜ今、決める必要がありますか？\n\n## 選択肢\n\n### 1. \n\n- 賛成: \n- 反対: \n\n### 2. \n\n- 賛成: \n- 反対: \n\n## 決定\n\n\n## 影響\n\n- \n`,
    },
    week: {
      title: '週の計画',
      text: (today) =>
        `# 週の計画\n\n**開始日:** ${today}\n\n## 最も大切なこと\n\n1. \n\n## 月曜日\n\n- [ ] \n\n## 火曜日\n\n- [ ] \n\n## 水曜日\n\n- [ ] \n\n## 木曜日\n\n- [ ] \n\n## 金曜日\n\n- [ ] \n\n## 振り返り\n\n`,
    },
    retrospective: {
      title: '振り返り',
      text: (today) =>
        `# 振り返り\n\n**日付:** ${today}\n\n## よかったこと\n\n- \n\n## うまくいかなかったこと\n\n- \n\n## 学んだこと\n\n- \n\n## 次に試すこと\n\n- [ ] \n`,
    },
  },
  importing: {
    chooseFiles: 'ファイルを取り込む',
    exportAll: 'すべてをZIPでダウンロード',
    notExported: (why) => `文書をダウンロードできませんでした。${why}`,
    dropHere: 'ファイルをドロップして取り込む',
    dropKinds: 'テキスト、Markdown、HTML、コード、デルタ、またはそれらのZIP',
    files: '取り込んだファイル',
    progress: (done, all) => `${digits(all)}件中${digits(done)}件のファイル`,
    finished: (n) => count(n, { other: '#件のファイルを取り込みました' }),
    failed: (n) => count(n, { other: '#件のファイルを取り込めませんでした' }),
    waiting: '待機中',
    running: '取り込み中…',
    documents,
    close: '閉じる',
    errors: {
      folder: 'フォルダーは取り込めません。ZIPにしてください。',
      unknownKind: 'この種類のファイルは取り込めません。',
      notText: 'ファイルがUTF-8のテキストではありません。',
      unreadable: 'ファイルを読み込めませんでした。',
      tooLarge: 'ファイルが大きすぎます。',
      exists: 'このアーカイブの文書がすでにここにあります。ゴミ箱の中かもしれません。',
    },
  },
}

export default home
