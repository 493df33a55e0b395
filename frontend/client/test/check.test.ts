import { createHash } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { Check } from '../check'
import { newKey } from '../key'
import type { Clock } from './clock'
import { Network } from './network'
import { DummyServer } from './server'

function bench() {
  const network = new Network(new DummyServer())
  const now = { rev: 1, text: 'né\u{1F600}\uFFFC' as string | null }
  const sent: [number, string][] = []
  const check = new Check(
    () => (now.text === null ? null : { rev: now.rev, text: now.text }),
    (rev, hash) => sent.push([rev, hash]),
    network.environment(),
  )
  return { clock: network.clock, now, sent, check }
}

/** Lets the hash, which is made outside of the clock's time, be done. */
async function settle(clock: Clock, ms: number) {
  clock.pass(ms)
  await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('a check', () => {
  it('says what the content hashes to, once it has been quiet', async () => {
    const { clock, now, sent, check } = bench()
    check.changed()
    await settle(clock, 4000)
    check.changed()
    await settle(clock, 4000)
    expect(sent).toEqual([])
    await settle(clock, 1000)
    expect(sent).toEqual([
      [
        1,
        createHash('sha256')
          .update(now.text ?? '')
          .digest('hex'),
      ],
    ])
    check.changed()
    await settle(clock, 5000)
    expect(sent).toHaveLength(1)
  })

  it('says nothing while edits are pending, or where they have come meanwhile', async () => {
    const { clock, now, sent, check } = bench()
    now.text = null
    check.changed()
    await settle(clock, 5000)
    now.text = 'x'
    check.changed()
    clock.pass(5000)
    now.rev++
    await settle(clock, 0)
    expect(sent).toEqual([])
  })

  it('gives up when it has failed three times, since then it is the check that is wrong', async () => {
    const { clock, now, sent, check } = bench()
    for (let i = 0; i < 5; i++) {
      now.rev++
      check.changed()
      await settle(clock, 5000)
      check.diverged()
    }
    expect(sent).toHaveLength(3)
  })

  it('is left out where the page was not served securely', async () => {
    vi.stubGlobal('crypto', {})
    const { clock, sent, check } = bench()
    check.changed()
    await settle(clock, 5000)
    vi.unstubAllGlobals()
    expect(sent).toEqual([])
  })
})

it('makes keys as the contract has them, of which no two are alike', () => {
  const keys = Array.from({ length: 100 }, newKey)
  for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9_-]{22}$/)
  expect(new Set(keys).size).toBe(100)
})
