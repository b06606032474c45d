/**
 * An address that starts runs without an API key: `/webhooks/{token}`. Only the SHA-256 of its token is kept. With a secret, a
 * request must be signed.
 */
export type Trigger = {
  readonly triggerId: string
  readonly name: string
  /** Enough of the token to recognise it by. */
  readonly prefix: string
  readonly target: { readonly type: 'agent' | 'tool'; readonly id: string }
  readonly secret: string | null
  readonly createdAt: number
  readonly lastUsedAt: number | null
}
