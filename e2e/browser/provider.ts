import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenIDProvider from 'oidc-provider'

/**
 * An OpenID Connect provider as others run it: the certified one of npm, with its own
 * pages to log in. Whoever gives a name there is that person.
 */
export class Provider {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tutti-provider-'))
  readonly #server = createServer((request, response) => void this.#answer(request, response))
  #answer: ReturnType<OpenIDProvider['callback']> = () => Promise.resolve()

  /** Starts it, and returns the flags with which a server takes its word. */
  async start(): Promise<string[]> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const secret = join(this.#folder, 'secret')
    writeFileSync(secret, 'of tutti at the provider')
    return [
      ...['--oidc-issuer', this.#issuer, '--oidc-client', 'tutti', '--oidc-secret-file', secret],
      ...['--oidc-allow', 'example.org'],
    ]
  }

  /** Makes a server known that has those flags. */
  know(url: string): void {
    const provider = new OpenIDProvider(this.#issuer, {
      clients: [
        {
          client_id: 'tutti',
          client_secret: 'of tutti at the provider',
          redirect_uris: [`${url}/api/v1/session/oidc/callback`],
        },
      ],
      claims: { email: ['email', 'email_verified'], profile: ['name'] },
      pkce: { required: () => true },
      findAccount: (_context, login) => ({
        accountId: login,
        claims: () => ({
          sub: login,
          name: login,
          email: `${login.toLowerCase()}@example.org`,
          email_verified: true,
        }),
      }),
    })
    this.#answer = provider.callback()
  }

  get #issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.close()
    rmSync(this.#folder, { recursive: true })
  }
}
