/** Which addresses that somebody else chose may be reached: literal ones before, names after their look-up. */
import { type LookupAddress, lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { AddressRules } from './addresses.ts'

/** Why there is no answer: `refused` by the rules, `timeout`, or `network`. */
export class TargetError extends Error {
  override readonly name = 'TargetError'
  readonly reason: 'refused' | 'timeout' | 'network'

  constructor(reason: TargetError['reason'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

/** What can be said of an address without looking its name up. Throws a TargetError `refused`. */
export const checkTarget = (rules: AddressRules, text: string): URL => {
  if (!URL.canParse(text)) throw refused('the address is no URL')
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refused(`the address must begin with http:// or https://, not ${url.protocol}`)
  if (url.username !== '' || url.password !== '') throw refused('the address holds credentials')
  const host = hostOf(url)
  if (isIP(host) !== 0) checkAddress(rules, host, host)
  return url
}

/** As `checkTarget`, and also refuses the names that are loopback everywhere (RFC 6761), to say so before anything is sent. */
export const checkNewTarget = (rules: AddressRules, text: string): void => {
  const host = hostOf(checkTarget(rules, text))
  if (/^(.+\.)?localhost\.?$/.test(host)) checkAddress(rules, '127.0.0.1', host)
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1')

export const refused = (sentence: string): TargetError => new TargetError('refused', sentence)

const checkAddress = (rules: AddressRules, address: string, host: string): void => {
  const kind = rules.refusalOf(address, host)
  if (kind === null) return
  const shown = address === host ? address : `${host} (${address})`
  throw refused(`the address ${shown} is ${kind}, and not allowed by REMANENCE_WEBHOOK_ALLOW`)
}

/** Looks a name up and answers only the addresses that are allowed; a name is looked up once at a time, as it takes a thread. */
export const guardedLookup = (rules: AddressRules): LookupFunction => {
  const underway = new Map<string, Promise<readonly LookupAddress[]>>()
  const resolve = (host: string): Promise<readonly LookupAddress[]> => {
    const known = underway.get(host)
    if (known !== undefined) return known
    const found = new Promise<readonly LookupAddress[]>((done, fail) =>
      lookup(host, { all: true }, (error, addresses) => (error === null ? done(addresses) : fail(error))),
    ).finally(() => underway.delete(host))
    underway.set(host, found)
    return found
  }
  return (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const allowed = addresses.filter(({ address }) => rules.refusalOf(address, host) === null)
        const [first] = allowed
        if (first === undefined) {
          const [{ address = '' } = {}] = addresses
          return callback(refusalError(rules, address, host), [])
        }
        if (options.all) callback(null, allowed)
        else callback(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    )
  }
}

const refusalError = (rules: AddressRules, address: string, host: string): TargetError => {
  try {
    checkAddress(rules, address, host)
  } catch (error) {
    if (error instanceof TargetError) return error
    throw error
  }
  return refused(`the name ${host} has no address`)
}
