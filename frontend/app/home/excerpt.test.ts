import { expect, test } from 'vitest'
import { proseOf } from './excerpt'

test.each([
  ['# Minutes ## Agenda 1. Budget 2. Plan', 'Minutes', 'Agenda Budget Plan'],
  ['# Minutes', 'Minutes', ''],
  ['Minutesbook of May', 'Minutes', 'Minutesbook of May'],
  ['**Date:** Monday - [ ] call `Bob` - [x] [pay](http://x)', '', 'Date: Monday call Bob pay'],
  ['a - b costs 3.5 * 2', 'T', 'a b costs 3.5 2'],
  ['#hashtag stays, snake_case too', 'T', '#hashtag stays, snake_case too'],
  ['', 'T', ''],
])('%s', (excerpt, title, prose) => expect(proseOf(excerpt, title)).toBe(prose))
