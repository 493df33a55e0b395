import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { getDocument } from '../index'
import { keptToken, useToken } from '../token'

/** A token that lasts for so many seconds. */
function jwt(seconds: number, more: object = {}): string {
  const claims = { exp: Math.floor(Date.now() / 1000) + seconds, name: 'Zoë ÿ>?', ...more }
  const part = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return `e30.${part}.signature`
}

/** Gets tokens by turns, and counts how many were asked for. */
function source(...lasting: number[]) {
  let asked = 0
  const token = keptToken(() => {
    const seconds = lasting[Math.min(asked, lasting.length - 1)] ?? 0
    return Promise.resolve(jwt(seconds, { n: asked++ }))
  })
  return { token, asked: () => asked }
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_795_363_200_000 })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  useToken(undefined)
})

describe('a kept token', () => {
  it('is asked for once, and again a moment before it ends', async () => {
    const { token, asked } = source(300)
    const [first, same] = await Promise.all([token(), token()])
    vi.advanceTimersByTime(269_000)
    expect([same, await token(), asked()]).toEqual([first, first, 1])
    vi.advanceTimersByTime(1_000)
    expect(await token()).not.toBe(first)
    expect(asked()).toBe(2)
  })

  it('is renewed in its last fifth where it is a short one', async () => {
    const { token, asked } = source(10)
    await token()
    vi.advanceTimersByTime(7_900)
    await token()
    expect(asked()).toBe(1)
    vi.advanceTimersByTime(200)
    await token()
    expect(asked()).toBe(2)
  })

  it('is asked for again where the server refuses it, and only that one', async () => {
    const { token, asked } = source(300)
    const first = await token()
    const second = await token(first)
    expect(second).not.toBe(first)
    expect(await token(first)).toBe(second)
    expect(asked()).toBe(2)
  })

  it('is kept as long as nothing is known of its end', async () => {
    // By a clock that is wrong it has ended before it came.
    for (const seconds of [-100, NaN]) {
      const { token, asked } = source(seconds)
      await token()
      vi.advanceTimersByTime(1e9)
      await token()
      expect(asked()).toBe(1)
    }
    const opaque = keptToken(() => Promise.resolve('tutti_secret'))
    expect(await opaque()).toBe('tutti_secret')
  })

  it('is asked for anew after nobody could give one', async () => {
    let fails = true
    const token = keptToken(() =>
      fails ? Promise.reject(new Error('away')) : Promise.resolve('here'),
    )
    await expect(token()).rejects.toThrow('away')
    fails = false
    expect(await token()).toBe('here')
  })
})

describe('a call with a token', () => {
  /** A server that takes but one token. */
  function taking(good: string): string[] {
    const shown: string[] = []
    vi.stubGlobal('location', { origin: 'http://tutti' })
    vi.stubGlobal('fetch', (_url: string, { headers }: { headers: Record<string, string> }) => {
      const token = headers['Authorization'] ?? ''
      shown.push(token)
      const status = token === `Bearer ${good}` ? 200 : 401
      return Promise.resolve(new Response('{"code":"unauthorized"}', { status }))
    })
    return shown
  }

  it('is made again with another one where it was refused', async () => {
    const shown = taking('new')
    const token = (refused?: string) => (refused === 'old' ? 'new' : 'old')
    await getDocument('d', { token })
    expect(shown).toEqual(['Bearer old', 'Bearer new'])
  })

  it('is not made for ever', async () => {
    const shown = taking('another')
    let n = 0
    await expect(getDocument('d', { token: () => `bad ${n++}` })).rejects.toThrow()
    await expect(getDocument('d', { token: () => 'same' })).rejects.toThrow()
    await expect(getDocument('d', { token: 'fixed' })).rejects.toThrow()
    expect(shown).toEqual(['Bearer bad 0', 'Bearer bad 1', 'Bearer same', 'Bearer fixed'])
  })

  it('shows the one that holds for all, unless it has its own', async () => {
    const shown = taking('for all')
    useToken(() => 'for all')
    await getDocument('d')
    await expect(getDocument('d', { token: 'own' })).rejects.toThrow()
    expect(shown).toEqual(['Bearer for all', 'Bearer own'])
  })
})
