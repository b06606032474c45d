import { describe, expect, test } from 'vitest'
import { allowMistakes, createAddressRules } from './addresses.ts'

const refusal = (address: string, allow: string | null = null, host = address) =>
  createAddressRules(allow).refusalOf(address, host)

test.each(['1.1.1.1', '8.8.8.8', '172.15.0.1', '172.32.0.1', '100.63.0.1', '2606:4700::1111', '2a00::1'])(
  '%s is public',
  (address) => expect(refusal(address)).toBeNull(),
)

test.each([
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'unspecified'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['10.0.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'shared by a carrier'],
  ['169.254.169.254', 'link-local'],
  ['100.100.100.200', 'a metadata service'],
  ['192.0.0.192', 'a metadata service'],
  ['192.0.2.1', 'for documentation'],
  ['198.18.0.1', 'for benchmarks'],
  ['224.0.0.1', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'reserved'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local'],
  ['fc00::1', 'unique-local'],
  ['fd12:3456::1', 'unique-local'],
  ['fd00:ec2::254', 'a metadata service'],
  ['ff02::1', 'multicast'],
  ['2001:db8::1', 'for documentation'],
  ['2002:7f00:1::', '6to4'],
  ['2001:0:7f00:1::', 'reserved'],
  ['64:ff9b:1::1', 'reserved'],
  ['fec0::1', 'reserved'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['::ffff:a9fe:a9fe', 'link-local'],
  ['0:0:0:0:0:ffff:10.0.0.1', 'private'],
  ['::ffff:0:0', 'unspecified'],
  ['::127.0.0.1', 'reserved'],
  ['64:ff9b::127.0.0.1', 'loopback'],
  ['64:ff9b::a00:1', 'private'],
  ['64:ff9b::', 'unspecified'],
  ['localhost', 'no IP address'],
])('%s is refused as %s', (address, kind) => expect(refusal(address)).toBe(kind))

test('what wraps a public address is public', () => {
  expect(refusal('::ffff:1.1.1.1')).toBeNull()
  expect(refusal('64:ff9b::101:101')).toBeNull()
})

describe('allowed by name', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['10.9.8.7', '192.168.0.0/16, 10.0.0.0/8'],
    ['::1', '::1'],
    ['fd12::1', 'fd00::/8'],
    ['2001:db8::5', '2001:DB8::/32'],
    ['169.254.169.254', '169.254.169.254'],
    ['169.254.10.1', '169.254.0.0/16'],
    ['fe80::1', 'fe80::/64'],
    ['fd00:ec2::254', 'fd00:ec2::254'],
  ])('%s by %s', (address, allow) => expect(refusal(address, allow)).toBeNull())

  test.each([
    ['127.0.0.2', '127.0.0.1'],
    ['10.0.0.1', '::/0'],
    ['192.168.0.1', '10.0.0.0/8'],
    ['169.254.169.254', '0.0.0.0/0'],
    ['100.100.100.200', '100.64.0.0/10'],
    ['fe80::1', '::/0'],
    ['fd00:ec2::254', 'fd00::/8'],
  ])('%s not by %s', (address, allow) => expect(refusal(address, allow)).not.toBeNull())

  test('a host may be at any address but that of a metadata service', () => {
    expect(refusal('10.0.0.1', 'Hook.Internal', 'hook.internal')).toBeNull()
    expect(refusal('10.0.0.1', 'hook.internal.', 'hook.internal.')).toBeNull()
    expect(refusal('10.0.0.1', 'hook.internal', 'other.internal')).toBe('private')
    expect(refusal('10.0.0.1', 'hook.internal', 'a.hook.internal')).toBe('private')
    expect(refusal('169.254.169.254', 'hook.internal', 'hook.internal')).toBe('link-local')
    expect(refusal('10.0.0.1', 'bücher.example', 'xn--bcher-kva.example')).toBeNull()
  })
})

test.each([
  ['', 0],
  ['a.example, 10.0.0.0/8,fd00::/8 ,localhost,my_host', 0],
  ['10.0.0.0/33', 1],
  ['fd00::/129', 1],
  ['http://a.example', 1],
  ['localhost:8080', 1],
  ['*.example', 1],
  ['a b', 1],
  ['10.0.0', 1],
  ['300.1.1.1', 1],
])('%j has %d mistakes', (allow, count) => expect(allowMistakes(allow)).toHaveLength(count))
