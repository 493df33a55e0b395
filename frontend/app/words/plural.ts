type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/**
 * Counting in a language: picks the form that a number takes there, and puts
 * the number, written as people there do, in the place of `#`.
 */
export function counter(locale: string): (n: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(locale)
  const digits = new Intl.NumberFormat(locale)
  return (n, forms) => (forms[rules.select(n)] ?? forms.other).replace('#', digits.format(n))
}
