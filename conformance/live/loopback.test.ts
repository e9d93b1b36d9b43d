import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { addressesOf, type Cut } from './links.ts'
import { barrierOf, Loopback } from './loopback.ts'

const cut = (more: Partial<Cut>): Cut => ({ from: 'b2', to: 'b1', traffic: 'all', reset: false, ...more })

describe('links on loopback addresses', () => {
  const base = mkdtempSync(join(tmpdir(), 'partitura-links-'))
  const links = new Loopback(base, addressesOf(['b1', 'b2'], ['k1'], ['c'], false), ['b1', 'b2', 'k1'])
  afterAll(() => rmSync(base, { recursive: true }))
  const hosts = (name: string): ReadonlyMap<string, string> => new Map(links.hostsOf(name).trim().split('\n').map((row) => row.split(' ').slice(0, 2).toReversed() as [string, string]))

  test('each calls another by an address that nobody else calls it by, and itself without a detour', () => {
    expect([...hosts('b1')].slice(0, 3)).toEqual([['b1', '127.0.0.10'], ['b2', '127.10.0.11'], ['k1', '127.10.0.110']])
    const all = ['b1', 'b2', 'k1', 'c'].flatMap((name) => ['b1', 'b2', 'k1'].flatMap((to) => hosts(name).get(to)!))
    expect(new Set(all).size).toBe(all.length)
    expect(hosts('c').get('localhost')).toBe('127.0.0.1')
  })

  test('a client with a proxy of its own finds that first, and the proxy finds the broker behind the relay', () => {
    links.impersonate('c', 'b1')
    expect(links.standIn('c', 'b1')).toEqual({ listen: { host: '127.150.1.10', port: 9092 }, broker: { host: '127.150.0.10', port: 9092 } })
    expect(hosts('c').get('b1')).toBe('127.150.1.10')
    expect(hosts('c').get('b2')).toBe('127.150.0.11')
    expect(links.optionsOf('c')).toEqual([`-Djdk.net.hosts.file=${join(base, readdirSync(base)[0]!)}`])
  })

  test('a cut is one direction, of all traffic or of one kind', () => {
    const link = { from: 'b2', to: 'b1', port: 9092 }
    expect(barrierOf([cut({})], link)).toBe('silent')
    expect(barrierOf([cut({})], { from: 'b1', to: 'b2', port: 9092 })).toBeUndefined()
    expect(barrierOf([cut({ traffic: 'controller' })], link)).toBeUndefined()
    expect(barrierOf([cut({ traffic: 'controller' })], { ...link, port: 9093 })).toBe('silent')
    expect(barrierOf([cut({ traffic: 'replication' })], { ...link, port: 9093 })).toBeUndefined()
    expect(barrierOf([cut({ reset: true })], link)).toBe('reset')
    // Who drops does not answer.
    expect(barrierOf([cut({ reset: true }), cut({ traffic: 'clients' })], link)).toBe('silent')
  })
})
