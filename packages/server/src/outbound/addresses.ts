/**
 * Which IP addresses the server may speak to on somebody's behalf. Public ones, and what is allowed by name: hosts and networks.
 * What is neither (loopback, private, link-local, shared, multicast, reserved, documentation) is refused, also when it is wrapped
 * into an IPv6 address. Where clouds keep their metadata, an allowed host or a large allowed network is not enough: the
 * address, or a network inside its block, must be named itself.
 */
import { BlockList, isIP, isIPv4 } from 'node:net'

type Block = readonly [network: string, prefix: number, kind: string]

/** The first that holds an address says what it is (IANA's registries of special-purpose addresses, RFC 6890). */
const specialBlocks: readonly Block[] = [
  ['0.0.0.0', 8, 'unspecified'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'shared by a carrier'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'reserved'],
  ['192.0.2.0', 24, 'for documentation'],
  ['192.88.99.0', 24, 'reserved'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'for benchmarks'],
  ['198.51.100.0', 24, 'for documentation'],
  ['203.0.113.0', 24, 'for documentation'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
  ['::', 128, 'unspecified'],
  ['::1', 128, 'loopback'],
  ['fe80::', 10, 'link-local'],
  ['fc00::', 7, 'unique-local'],
  ['ff00::', 8, 'multicast'],
  ['2001::', 23, 'reserved'],
  ['2001:db8::', 32, 'for documentation'],
  ['2002::', 16, '6to4'],
  ['3fff::', 20, 'for documentation'],
]

/** Everything global in IPv6 so far. */
const globalUnicast: Block = ['2000::', 3, 'global']

/** Metadata services of clouds are here: whoever reaches them gets the machine's credentials. */
const metadataBlocks: readonly Block[] = [
  ['169.254.0.0', 16, 'link-local'],
  ['fe80::', 10, 'link-local'],
  ['fd00:ec2::254', 128, 'a metadata service'],
  ['100.100.100.200', 32, 'a metadata service'],
  ['192.0.0.192', 32, 'a metadata service'],
]

/** Addresses that stand for an IPv4 address in their last 32 bits: IPv4-mapped, and NAT64 (RFC 6052). */
const wrappingBlocks: readonly Block[] = [
  ['::ffff:0:0', 96, 'mapped'],
  ['64:ff9b::', 96, 'NAT64'],
]

export type AddressRules = {
  /** Null when the server may connect to the address, found for that host; else what kind of address it is. */
  readonly refusalOf: (address: string, host: string) => string | null
  /** Whether the host itself is allowed by name. */
  readonly isNamed: (host: string) => boolean
}

/** `allow`: hosts, addresses and networks, separated by commas. What is no such thing is ignored: see `allowMistakes`. */
export const createAddressRules = (allow: string | null): AddressRules => {
  const entries = entriesOf(allow ?? '')
  const hosts = new Set(entries.flatMap((entry) => (entry.host === null ? [] : [entry.host])))
  const networks = entries.flatMap(({ network }) => (network === null ? [] : [network]))
  const isNamed = (host: string) => hosts.has(host.toLowerCase().replace(/\.$/, ''))
  const [special, global, metadata, wrapping] = [
    finder(specialBlocks),
    finder([globalUnicast]),
    metadataBlocks.map((block) => {
      const isInside = finder([block])
      const inside = networks.filter(([network, prefix]) => prefix >= block[1] && isInside(network) !== null)
      return { block, isInside, allows: finder(inside) }
    }),
    finder(wrappingBlocks),
  ]
  const allowed = finder(networks)

  const refusalOf = (given: string, host: string): string | null => {
    const [address = ''] = given.split('%')
    if (isIP(address) === 0) return 'no IP address'
    if (wrapping(address) !== null) return refusalOf(lastFourBytes(address), host)
    const guarded = metadata.filter(({ isInside }) => isInside(address) !== null)
    if (guarded.length > 0)
      return guarded.some(({ allows }) => allows(address) !== null) ? null : (guarded[0]?.block[2] ?? '')
    if (isNamed(host) || allowed(address) !== null) return null
    return special(address) ?? (isIPv4(address) || global(address) !== null ? null : 'reserved')
  }
  return { refusalOf, isNamed }
}

/** What is wrong with the list, in sentences. */
export const allowMistakes = (allow: string): string[] =>
  entriesOf(allow)
    .filter(({ host, network }) => host === null && network === null)
    .map(
      ({ text }) =>
        `${JSON.stringify(text)} is no host, address or network: write hook.internal, 10.1.2.3, 10.0.0.0/8 or fd00::/8`,
    )

type Entry = { readonly text: string; readonly host: string | null; readonly network: Block | null }

const entriesOf = (allow: string): readonly Entry[] =>
  allow
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => ({ text, host: hostOf(text), network: networkOf(text) }))

const hostOf = (text: string): string | null => {
  const isName = /^[\p{L}\p{N}_]([\p{L}\p{N}_.-]*[\p{L}\p{N}_])?\.?$/u.test(text)
  if (!isName || !URL.canParse(`http://${text}/`)) return null
  const { hostname } = new URL(`http://${text}/`)
  return isIP(hostname) === 0 ? hostname.replace(/\.$/, '') : null
}

const networkOf = (text: string): Block | null => {
  const [, address = '', prefixText] = /^([\d.a-f:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? []
  const version = isIP(address)
  if (version === 0) return null
  const prefixMax = version === 4 ? 32 : 128
  const prefix = prefixText === undefined ? prefixMax : Number(prefixText)
  return prefix > prefixMax ? null : [address, prefix, 'allowed']
}

/** Answers the kind of the first block that holds an address, or null. */
const finder = (blocks: readonly Block[]): ((address: string) => string | null) => {
  const lists = blocks.map(([network, prefix, kind]) => {
    const list = new BlockList()
    const family = isIPv4(network) ? 'ipv4' : 'ipv6'
    list.addSubnet(network, prefix, family)
    return { list, family, kind } as const
  })
  return (address) => {
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    return lists.find((one) => one.family === family && one.list.check(address, family))?.kind ?? null
  }
}

/** The last 32 bits of an IPv6 address, as the IPv4 address they are. */
const lastFourBytes = (address: string): string => {
  const dotted = /[\d.]+$/.exec(address)?.[0] ?? ''
  if (isIPv4(dotted)) return dotted
  const [head = '', tail] = address.split('::')
  const known = (tail === undefined ? head : tail).split(':').filter((piece) => piece !== '')
  // Left out pieces are zeros.
  const [high, low] = ['0', '0', ...known].slice(-2).map((piece) => Number.parseInt(piece, 16))
  return [high, low].flatMap((piece = 0) => [piece >> 8, piece & 0xff]).join('.')
}
