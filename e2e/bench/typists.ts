import type { Page } from '@playwright/test'

/**
 * Lets so many others type into a document, each at a place of their own, from a
 * page that speaks the protocol and shows nothing. Returns when all of them do.
 */
export async function letType(page: Page, id: string, count: number, every: number): Promise<void> {
  await page.evaluate(
    ({ id, count, every }) => {
      interface Frame {
        t: string
        rev: number
        client: string
        records?: { rev: number; client: string; seq: number }[]
      }
      const join = (number: number) =>
        new Promise<void>((resolve) => {
          const address = `${location.origin.replace(/^http/, 'ws')}/api/v1/documents/${id}/socket`
          const socket = new WebSocket(address, 'tutti.v1')
          let [rev, seq, acknowledged, client] = [0, 0, 0, '']
          const key = crypto.randomUUID()
          const send = (frame: object) => socket.send(JSON.stringify(frame))
          socket.onopen = () =>
            send({
              t: 'hello',
              key,
              name: `Typist ${number}`,
              color: '#1971c2',
            })
          socket.onmessage = ({ data }) => {
            const frame = JSON.parse(data as string) as Frame
            for (const record of frame.records ?? []) {
              rev = Math.max(rev, record.rev)
              if (record.client === client) acknowledged = Math.max(acknowledged, record.seq)
            }
            if (frame.t !== 'welcome') return
            rev = frame.rev
            client = frame.client
            setInterval(() => {
              if (seq !== acknowledged) return
              seq++
              const insert = 'typed '.charAt(seq % 6)
              send({
                t: 'op',
                seq,
                rev,
                op: [{ retain: 200 + number * 150 }, { insert }],
              })
            }, every)
            resolve()
          }
        })
      return Promise.all(Array.from({ length: count }, (_, number) => join(number)))
    },
    { id, count, every },
  )
}
