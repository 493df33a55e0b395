import { expect, test } from 'vitest'
import { Authors } from './authors'
import { paintOf, sharesOf } from './blame.svelte'

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
