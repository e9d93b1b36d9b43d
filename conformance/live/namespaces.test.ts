import { describe, expect, test } from 'vitest'
import { addressesOf } from './links.ts'
import { buildScript, routesOf, rulesOf } from './namespaces.ts'

const addresses = addressesOf(['b1', 'b2'], ['k1'], ['clients'])
const rules = (more: Partial<Parameters<typeof rulesOf>[0]>): readonly string[] => rulesOf({ from: 'b2', to: 'b1', traffic: 'all', reset: false, ...more }, addresses).map((rule) => rule.join(' '))

describe('the network of a live cluster', () => {
  test('every machine has a private address of its own', () => {
    expect([...addresses]).toEqual([['b1', '10.98.0.10'], ['b2', '10.98.0.11'], ['k1', '10.98.0.110'], ['clients', '10.98.0.150']])
    expect(new Set(addresses.values()).size).toBe(addresses.size)
    expect(addressesOf(['b1'], [], [], false).get('b1')).toBe('127.0.0.10')
  })

  test('each gets a namespace, and a cable into the hub', () => {
    const script = buildScript(addresses, 'iptables')
    for (const [name, address] of addresses) {
      expect(script).toContain(`ip netns add ${name}\n`)
      expect(script).toContain(`ip -n ${name} addr add ${address}/24 dev eth0`)
    }
  })

  test('a cut is silence at the receiver, for both addresses of the sender', () => {
    expect(rules({})).toEqual(['-s 10.98.0.11 -j DROP', '-s 10.98.1.11 -j DROP'])
  })

  test('one that refuses answers with a reset', () => {
    expect(rules({ reset: true })[0]).toBe('-s 10.98.0.11 -p tcp -j REJECT --reject-with tcp-reset')
  })

  test('without a packet filter routing is as silent', () => {
    const cut = { from: 'b2', to: 'b1', traffic: 'replication', reset: false } as const
    expect(routesOf(cut, addresses)[0]!.join(' ')).toBe('iif eth0 from 10.98.0.11 ipproto tcp dport 9092 blackhole')
    expect(routesOf({ ...cut, traffic: 'all' }, addresses).map((rule) => rule.join(' '))).toEqual(['iif eth0 from 10.98.0.11 blackhole', 'iif eth0 from 10.98.1.11 blackhole'])
    expect(buildScript(addresses, 'rules')).toContain('ip -n b1 rule del pref 0\n')
    expect(buildScript(addresses, 'iptables')).not.toContain('rule')
  })

  test('traffic of one kind goes by the port of whoever serves it', () => {
    expect(rules({ traffic: 'replication' }).slice(0, 2)).toEqual(['-s 10.98.0.11 -p tcp --dport 9092 -j DROP', '-s 10.98.0.11 -p tcp --sport 9092 -j DROP'])
    expect(rules({ traffic: 'controller' })[0]).toContain('--dport 9093')
  })
})
