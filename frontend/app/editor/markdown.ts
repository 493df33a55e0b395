import { markdown, markdownLanguage } from '@codemirror/lang-markdown'
import { LanguageDescription, type LanguageSupport } from '@codemirror/language'
import { languages } from '../languages'

/** GitHub's Markdown, with the code in its fences highlighted by language, loaded as they appear. */
export function support(): LanguageSupport {
  const codeLanguages = languages.flatMap(({ id, alias = [], load }) =>
    load ? [LanguageDescription.of({ name: id, alias, load })] : [],
  )
  return markdown({ base: markdownLanguage, codeLanguages })
}
