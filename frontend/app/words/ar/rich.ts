import type { Parts } from '../catalogue'
import { counter } from '../plural'
import { isolate } from './isolate'

const count = counter('ar')
const percent = new Intl.NumberFormat('ar', { style: 'percent' })

const rich: Parts['rich'] = {
  rich: {
    toolbar: 'التنسيق',
    paragraph: 'نمط الفقرة',
    text: 'نص',
    heading: (level) => `عنوان ${level}`,
    quote: 'اقتباس',
    codeBlock: 'كتلة شفرة',
    undo: 'تراجع',
    redo: 'إعادة',
    bold: 'عريض',
    italic: 'مائل',
    underline: 'تحته خط',
    strike: 'يتوسطه خط',
    code: 'شفرة',
    link: 'رابط',
    picture: 'صورة',
    bulletList: 'قائمة نقطية',
    orderedList: 'قائمة مرقّمة',
    checkList: 'قائمة مهام',
    tick: 'تأشير العنصر أو إلغاء تأشيره',
    outdent: 'تقليل الإزاحة',
    indent: 'زيادة الإزاحة',
    alignCenter: 'توسيط',
    alignRight: 'محاذاة إلى النهاية',
    justify: 'ضبط',
    rightToLeft: 'الكتابة من اليمين إلى اليسار',
    clear: 'مسح التنسيق',
    toToolbar: 'الانتقال إلى شريط التنسيق',
    linkText: 'النص',
    linkAddress: 'العنوان',
    linkInvalid: 'ليس هذا عنوان صفحة ولا بريد ولا هاتف.',
    editLink: 'تعديل الرابط',
    removeLink: 'إزالة الرابط',
    addLink: 'إضافة رابط',
    foreignPicture: (from) => `صورة من ${isolate(from)}، غير معروضة`,
    uploading: (name, part) => `جارٍ رفع ${isolate(name)}، ${percent.format(part / 100)}`,
    stopUpload: (name) => `إيقاف رفع ${isolate(name)}`,
    notUploaded: (name, why) => `لم تُضف ${isolate(name)}. ${isolate(why)}`,
    wrongType: 'لا يمكن هنا إلا إضافة صور: PNG أو JPEG أو GIF أو WebP.',
    tooLarge: (most) => `أقصى حجم للصورة ${most} ميغابايت.`,
    readOnlyNow: 'المستند الآن للقراءة فقط.',
    picturesAsLinks: (n) =>
      count(n, {
        zero: 'لم تُلصق أي صورة كرابط.',
        one: 'أُلصقت صورة من موقع آخر كرابط.',
        two: 'أُلصقت صورتان من مواقع أخرى كرابطين.',
        few: 'أُلصقت # صور من مواقع أخرى كروابط.',
        many: 'أُلصقت # صورة من مواقع أخرى كروابط.',
        other: 'أُلصقت # صورة من مواقع أخرى كروابط.',
      }),
    picturesLost: (n) =>
      count(n, {
        zero: 'أُلصقت كل الصور.',
        one: 'تعذّر لصق صورة واحدة. احفظها كملف وأضف الملف.',
        two: 'تعذّر لصق صورتين. احفظهما كملفين وأضف الملفين.',
        few: 'تعذّر لصق # صور. احفظها كملفات وأضف الملفات.',
        many: 'تعذّر لصق # صورة. احفظها كملفات وأضف الملفات.',
        other: 'تعذّر لصق # صورة. احفظها كملفات وأضف الملفات.',
      }),
    pastedPicture: 'صورة ملصقة',
    cannotShow: 'في هذا المستند ما لا يستطيع المحرر عرضه. تُرك كما هو.',
  },
}

export default rich
