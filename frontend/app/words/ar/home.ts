import type { Parts } from '../catalogue'
import { counter } from '../plural'
import { isolate } from './isolate'

const count = counter('ar')
const digits = (n: number) => count(n, { other: '#' })

const documents = (n: number) =>
  count(n, {
    zero: 'لا مستندات',
    one: 'مستند واحد',
    two: 'مستندان',
    few: '# مستندات',
    many: '# مستندًا',
    other: '# مستند',
  })

const others = (n: number) =>
  count(n, {
    zero: 'لا أحد غيرهم',
    one: 'شخص آخر',
    two: 'شخصان آخران',
    few: '# آخرون',
    many: '# شخصًا آخر',
    other: '# شخص آخر',
  })

const home: Parts['home'] = {
  home: {
    documents: 'المستندات',
    trash: 'سلة المهملات',
    documentsInTrash: 'المستندات في سلة المهملات',
    find: 'البحث عن مستند',
    newDocument: 'مستند جديد',
    openPalette: 'الأوامر',
    otherActions: 'المزيد',
    listNotLoaded: 'تعذّر تحميل القائمة',
    showMore: 'عرض المزيد',
    found: documents,
    foundOrMore: (n) => `${documents(n)} أو أكثر`,
    sort: 'الترتيب حسب',
    sorts: {
      best: 'أفضل تطابق',
      updated: 'آخر تغيير',
      title: 'العنوان',
      created: 'الأحدث',
    },
    kind: 'النوع',
    kinds: {
      all: 'كل الأنواع',
      text: 'نصوص وشفرة',
      rich: 'نص منسّق',
    },
    tags: 'الوسوم',
    moreTags: 'وسوم أكثر',
    fewerTags: 'وسوم أقل',
    peopleIn: (names, n) =>
      n === 0 ? `هنا الآن: ${isolate(names)}` : `هنا الآن: ${isolate(names)} و${others(n)}`,
    noText: 'لا نص بعد',
  },
  nothing: {
    noMatch: (query) => `لا مستند يطابق «${isolate(query)}».`,
    noMatchHint: 'جرّب كلمات أقل، أو بداية كلمة.',
    noneSuch: 'لا مستند يجمع كل هذا.',
    showAll: 'عرض الكل',
    trashEmpty: 'سلة المهملات فارغة.',
    trashHint: 'ما تنقله إلى هنا يمكن استعادته إلى أن تحذفه نهائيًا.',
    nothingYet: 'لا شيء هنا بعد',
    startHint: 'ابدأ مستندًا وأرسل عنوانه إلى من تشاء: كل من يفتحه يكتب معك.',
    shareHint: 'ابدأ مستندًا وشاركه: مع من لهم حسابات هنا، أو برابط مع أي أحد.',
    start: 'بدء مستند',
    importHint: 'أو أفلت ملفات هنا: نصوص أو Markdown أو HTML أو ملف ZIP يجمعها.',
  },
  row: {
    from: (name) => `من ${isolate(name)}`,
    more: (title) => `إجراءات «${isolate(title)}»`,
    rename: 'إعادة التسمية',
    titleField: (title) => `عنوان «${isolate(title)}»`,
    editTags: 'تعديل الوسوم',
    tagsOf: (title) => `وسوم «${isolate(title)}»`,
    addTag: 'إضافة وسم',
    removeTag: (tag) => `إزالة الوسم «${isolate(tag)}»`,
    tagsDone: 'تم',
    onlyTag: (tag) => `المستندات ذات الوسم «${isolate(tag)}» فقط`,
    duplicate: 'تكرار',
    useAsTemplate: 'استخدام كقالب',
    noTemplate: 'إلغاء الاستخدام كقالب',
    download: 'تنزيل بصيغة',
    formats: {
      md: 'Markdown',
      html: 'صفحة ويب (HTML)',
      txt: 'نص عادي',
      delta: 'دلتا (JSON)',
      archive: 'أرشيف مع السجل',
    },
    moveToTrash: 'نقل إلى سلة المهملات',
    trashed: (ago) => `في سلة المهملات منذ: ${isolate(ago)}`,
    bringBack: 'استعادة',
    deleteForGood: 'حذف نهائي',
    reallyDelete: (title) => `أتريد حذف «${isolate(title)}» نهائيًا؟`,
    reallyDeleteText: 'سيُحذف نصه وسجله كله. لا يمكن التراجع عن هذا.',
    emptyTrash: 'إفراغ سلة المهملات',
    reallyEmpty: 'أتريد حذف كل ما في سلة المهملات نهائيًا؟',
    undo: 'تراجع',
    open: 'فتح',
    inTrash: (title) => `«${isolate(title)}» في سلة المهملات.`,
    broughtBack: (title) => `تمت استعادة «${isolate(title)}».`,
    deleted: (title) => `حُذف «${isolate(title)}» نهائيًا.`,
    emptied: 'أُفرغت سلة المهملات.',
    duplicated: (title) => `أُنشئ «${isolate(title)}».`,
    madeTemplate: (title) => `يظهر «${isolate(title)}» الآن كقالب للمستندات الجديدة.`,
    notTrashed: (title, why) => `تعذّر نقل «${isolate(title)}» إلى سلة المهملات. ${isolate(why)}`,
    notBroughtBack: (title, why) => `تعذّرت استعادة «${isolate(title)}». ${isolate(why)}`,
    notDeleted: (title, why) => `تعذّر حذف «${isolate(title)}». ${isolate(why)}`,
    notEmptied: (why) => `تعذّر إفراغ سلة المهملات. ${isolate(why)}`,
    notRenamed: (title, why) => `تعذّرت إعادة تسمية «${isolate(title)}». ${isolate(why)}`,
    notTagged: (title, why) => `تعذّر تغيير وسوم «${isolate(title)}». ${isolate(why)}`,
    notDuplicated: (title, why) => `تعذّر تكرار «${isolate(title)}». ${isolate(why)}`,
    notDownloaded: (title, why) => `تعذّر تنزيل «${isolate(title)}». ${isolate(why)}`,
  },
  templates: {
    meeting: {
      title: 'محضر اجتماع',
      text: (today) =>
        `# محضر اجتماع\n\n**التاريخ:** ${today}\n**الحاضرون:** \n\n## جدول الأعمال\n\n1. \n\n## ملاحظات\n\n\n## القرارات\n\n- \n\n## المهام\n\n- [ ] \n`,
    },
    brief: {
      title: 'موجز مشروع',
      text: () =>
        `# موجز مشروع\n\n## المشكلة\n\nمن يعاني منها، وماذا تكلّفه؟\n\n## ما نريد بلوغه\n\n- \n\n## ما نتركه جانبًا\n\n- \n\n## المراحل\n\n| متى | ماذا | من |\n| --- | --- | --- |\n|  |  |  |\n\n## المخاطر\n\n- \n\n## أسئلة مفتوحة\n\n- [ ] \n`,
    },
    decision: {
      title: 'سجل قرار',
      text: (today) =>
        `# القرار: \n\n**التاريخ:** ${today}\n**الحالة:** مقترح\n\n## السياق\n\nما الذي يدفعنا إلى القرار الآن؟\n\n## الخيارات\n\n### 1. \n\n- مع: \n- ضد: \n\n### 2. \n\n- مع: \n- ضد: \n\n## القرار\n\n\n## النتائج\n\n- \n`,
    },
    week: {
      title: 'خطة الأسبوع',
      text: (today) =>
        `# خطة الأسبوع\n\n**من:** ${today}\n\n## الأهم\n\n1. \n\n## الاثنين\n\n- [ ] \n\n## الثلاثاء\n\n- [ ] \n\n## الأربعاء\n\n- [ ] \n\n## الخميس\n\n- [ ] \n\n## الجمعة\n\n- [ ] \n\n## نظرة إلى الوراء\n\n`,
    },
    retrospective: {
      title: 'مراجعة ما مضى',
      text: (today) =>
        `# مراجعة ما مضى\n\n**التاريخ:** ${today}\n\n## ما سار جيدًا\n\n- \n\n## ما لم يسر جيدًا\n\n- \n\n## ما تعلّمناه\n\n- \n\n## ما سنجرّبه لاحقًا\n\n- [ ] \n`,
    },
  },
  importing: {
    chooseFiles: 'استيراد ملفات',
    exportAll: 'تنزيل الكل كملف ZIP',
    notExported: (why) => `تعذّر تنزيل المستندات. ${isolate(why)}`,
    dropHere: 'أفلت الملفات لاستيرادها',
    dropKinds: 'نصوص أو Markdown أو HTML أو شفرة أو دلتا، أو ملف ZIP يجمعها',
    files: 'الملفات المستوردة',
    progress: (done, all) => `الملفات: ${digits(done)} من ${digits(all)}`,
    finished: (n) =>
      count(n, {
        zero: 'لم يُستورد أي ملف',
        one: 'استُورد ملف واحد',
        two: 'استُورد ملفان',
        few: 'استُوردت # ملفات',
        many: 'استُورد # ملفًا',
        other: 'استُورد # ملف',
      }),
    failed: (n) =>
      count(n, {
        zero: 'لم يفشل أي ملف',
        one: 'تعذّر استيراد ملف واحد',
        two: 'تعذّر استيراد ملفين',
        few: 'تعذّر استيراد # ملفات',
        many: 'تعذّر استيراد # ملفًا',
        other: 'تعذّر استيراد # ملف',
      }),
    waiting: 'في الانتظار',
    running: 'جارٍ الاستيراد…',
    documents,
    close: 'إغلاق',
    errors: {
      folder: 'لا يمكن استيراد مجلد. اجعل منه ملف ZIP.',
      unknownKind: 'لا يمكن استيراد هذا النوع من الملفات.',
      notText: 'الملف ليس نصًا بترميز UTF-8.',
      unreadable: 'تعذّرت قراءة الملف.',
      tooLarge: 'الملف كبير جدًا.',
      exists: 'أحد مستندات هذا الأرشيف موجود هنا أصلًا، ربما في سلة المهملات.',
    },
  },
}

export default home
