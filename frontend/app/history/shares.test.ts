import { expect, test } from 'vitest'
import { Authors } from './authors'
import { paintOf, passagesOf, sharesOf } from './shares'

const run = (name: string, tab: string, length: number) => ({
  length,
  rev: 1,
  user: { id: `guest:${tab}`, name },
  client: tab,
  at: 0,
})
const runs = [run('Ada', 'a', 10), run('Bob', 'b', 30), run('Ada', 'c', 40)]

test('authors come by how much they wrote, a guest in two tabs being one', () => {
  const shares = sharesOf(runs, new Authors())
  expect(shares.map(({ user, part }) => [user.name, part])).toEqual([
    ['Ada', 0.625],
    ['Bob', 0.375],
  ])
  expect(sharesOf([], new Authors())).toEqual([])
})

test('one author alone can be looked at', () => {
  const authors = new Authors()
  const [ada, bob] = sharesOf(runs, authors)
  expect(paintOf(runs, authors, undefined).map(({ colour }) => colour)).toEqual([
    ada?.colour,
    bob?.colour,
    ada?.colour,
  ])
  expect(paintOf(runs, authors, bob?.key)).toEqual([
    { length: 10, colour: null },
    { length: 30, colour: bob?.colour },
    { length: 40, colour: null },
  ])
})

test('what is written in one go is one passage, though each letter is a record', () => {
  const letter = (name: string, at: number) => ({ ...run(name, 'tab', 1), at })
  const minute = 60_000
  const letters = [letter('Ada', 1000), letter('Ada', 2000), letter('Bob', 3000)]
  const later = [letter('Bob', 8 * minute), letter('Bob', 7 * minute), letter('Ada', 9 * minute)]
  expect(passagesOf([...letters, ...later]).map(({ length, at }) => [length, at])).toEqual([
    [2, 2000],
    [1, 3000],
    [2, 8 * minute],
    [1, 9 * minute],
  ])
})
