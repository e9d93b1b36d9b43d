import { describe, expect, test } from 'vitest'
import { applyPatch } from '../../projection/patch.ts'
import { deskEn as en } from '../../text/desk.en.ts'
import { fakeBase } from '../fixtures/fake-run.ts'
import { faultsInForce, offersFor, victimOf } from './offers.ts'

const text = en.faults
const dead = applyPatch(fakeBase, { set: { brokers: { b1: { ...fakeBase.brokers['b1']!, condition: 'down', since: 5 } } }, remove: {} })
const cut = applyPatch(fakeBase, {
  set: {
    links: {
      'b1>b2': { key: 'b1>b2', from: 'b1', to: 'b2', cut: ['all'], slow: 0, since: 7 },
      'b2>b1': { key: 'b2>b1', from: 'b2', to: 'b1', cut: ['all'], slow: 0, since: 7 },
    },
  },
  remove: {},
})
const ids = (view: typeof fakeBase, name: string, kind: 'broker' | 'controller' | 'producer' | 'consumer') =>
  offersFor(view, victimOf(view, { kind, key: name })!, text).map((offer) => offer.id)

describe('the menu acts on the machine behind what is selected', () => {
  test('a replica means its broker, a partition its leader, a record nobody', () => {
    expect(victimOf(fakeBase, { kind: 'replica', key: 'orders/0@b3' })?.name).toBe('b3')
    expect(victimOf(fakeBase, { kind: 'partition', key: 'orders/0' })?.name).toBe('b1')
    expect(victimOf(fakeBase, { kind: 'record', key: 'shop#8' })).toBeUndefined()
  })
})

describe('what is offered', () => {
  test('to a broker that runs: all faults', () => {
    expect(ids(fakeBase, 'b1', 'broker')).toEqual(['kill', 'power', 'stop', 'freeze', 'cut', 'refuse', 'slow', 'disk', 'stall', 'clock'])
  })
  test('to a dead one: only to start again', () => {
    expect(ids(dead, 'b1', 'broker')).toEqual(['restart'])
  })
  test('to a producer: its own, and records and settings', () => {
    expect(ids(fakeBase, 'shop', 'producer')).toEqual(['kill', 'stop', 'freeze', 'cut', 'refuse', 'slow', 'clock', 'produce', 'config'])
  })
  test('to a controller: as to a broker, but it fetches no partitions; it may be cut off from any other or from all', () => {
    expect(ids(fakeBase, 'k1', 'controller')).toEqual(['kill', 'stop', 'freeze', 'cut', 'refuse', 'slow'])
    const cuts = offersFor(fakeBase, victimOf(fakeBase, { kind: 'controller', key: 'k1' })!, text).find((offer) => offer.id === 'cut')!.inside!
    expect(cuts.map(({ id }) => id)).toEqual(['cut b1 all', 'cut b2 all', 'cut b3 all', 'cut k2 controller', 'cut k3 controller', 'cut k2,k3 controller', 'cut b1,b2,b3,k2,k3 all'])
  })
  test('to a dead controller: only to start again', () => {
    const down = applyPatch(fakeBase, { set: { controllers: { k1: { ...fakeBase.controllers['k1']!, condition: 'down', since: 5 } } }, remove: {} })
    expect(ids(down, 'k1', 'controller')).toEqual(['restart'])
    expect(faultsInForce(down, text)).toMatchObject([{ id: 'down k1', since: 5, ends: [{ do: 'restart', node: 'k1' }] }])
  })
  test('a cut of replication alone names only what it cuts', () => {
    const cuts = offersFor(fakeBase, victimOf(fakeBase, { kind: 'broker', key: 'b1' })!, text).find((offer) => offer.id === 'cut')!.inside!
    expect(cuts.find((offer) => offer.id === 'cut b2 replication')?.does).toEqual([
      { do: 'cut', from: ['b1'], to: ['b2'], direction: 'both', traffic: 'replication' },
    ])
  })
  test('to a consumer: to pause what it reads, and to resume what is paused, which is a fault in force until then', () => {
    const reading = (...paused: boolean[]): typeof fakeBase =>
      applyPatch(fakeBase, { set: { consumers: { c1: { ...fakeBase.consumers['c1']!, assigned: paused.map((is, i) => ({ partition: `orders/${i}`, position: 3, committed: 3, ...(is ? { paused: true as const } : {}) })) } } }, remove: {} })
    const offered = (view: typeof fakeBase) => offersFor(view, victimOf(view, { kind: 'consumer', key: 'c1' })!, text).filter(({ id }) => id.endsWith('Partition'))
    expect(offered(reading())).toEqual([])
    expect(offered(reading(false))).toMatchObject([{ id: 'pausePartition', does: [{ do: 'call', client: 'c1', call: { type: 'pause', partitions: ['orders/0'] } }] }])
    const several = offered(reading(false, true, false))
    expect(several.map(({ id, inside }) => [id, inside?.map(({ title }) => title)])).toEqual([['pausePartition', ['orders/0', 'orders/2']], ['resumePartition', undefined]])
    expect(faultsInForce(reading(false, true), text, 'c1')).toMatchObject([{ id: 'paused c1 orders/1', ends: [{ do: 'call', call: { type: 'resume', partitions: ['orders/1'] } }] }])
  })
  test('letters are told apart', () => {
    const letters = offersFor(fakeBase, victimOf(fakeBase, { kind: 'producer', key: 'shop' })!, text).map((offer) => offer.letter)
    expect(new Set(letters).size).toBe(letters.length)
  })
})

describe('faults in force', () => {
  test('a dead broker is started again, a link is healed once for both ways', () => {
    expect(faultsInForce(dead, text)).toMatchObject([{ id: 'down b1', ends: [{ do: 'restart', node: 'b1' }] }])
    expect(faultsInForce(cut, text)).toMatchObject([{ id: 'cut b1 b2', ends: [{ do: 'heal', from: ['b1'], to: ['b2'] }] }])
    expect(faultsInForce(cut, text, 'b3')).toEqual([])
  })
})

describe('disks', () => {
  const inside = (view: typeof fakeBase) => offersFor(view, victimOf(view, { kind: 'broker', key: 'b1' })!, text).find(({ id }) => id === 'disk')!.inside!
  const ailing = applyPatch(fakeBase, { set: { brokers: { b1: { ...fakeBase.brokers['b1']!, disks: { slow: 200_000, logDirs: [
    { path: '/var/lib/kafka/data-0', online: true, ails: undefined, usedPct: undefined }, { path: '/var/lib/kafka/data-1', online: false, ails: 'failed', usedPct: undefined },
  ] } } } }, remove: {} })
  test('what works can fail or fill up, what has failed can be mended, by the name of its directory where there are several', () => {
    expect(inside(fakeBase).map(({ id, title }) => [id, title])).toEqual([['failDisk 0', 'Let it fail'], ['fillDisk 0', 'Fill it'], ['slowDisk', 'Slow its writes']])
    expect(inside(ailing).map(({ id, does }) => [id, does])).toEqual([
      ['failDisk 0', [{ do: 'failDisk', node: 'b1', dir: 0 }]], ['fillDisk 0', [{ do: 'fillDisk', node: 'b1', dir: 0 }]], ['freeDisk 1', [{ do: 'freeDisk', node: 'b1', dir: 1 }]],
      ['slowDisk', [{ do: 'slowDisk', node: 'b1', add: 0 }]],
    ])
    expect(inside(ailing)[0]!.title).toBe('Let it fail: data-0')
  })
  test('are in force until they are mended', () => {
    expect(faultsInForce(ailing, text, 'b1').map(({ title, ends }) => [title, ends])).toEqual([
      ['b1: data-1 failed', [{ do: 'freeDisk', node: 'b1', dir: 1 }]], ['b1: slow disk', [{ do: 'slowDisk', node: 'b1', add: 0 }]],
    ])
  })
})

describe('a handler', () => {
  const c1 = Object.values(fakeBase.consumers)[0]!
  const slow = applyPatch(fakeBase, { set: { consumers: { [c1.name]: { ...c1, slower: 2_000_000 } } }, remove: {} })
  const offered = (view: typeof fakeBase) => offersFor(view, victimOf(view, { kind: 'consumer', key: c1.name })!, text)
  test('can be slowed, and be quick again', () => {
    expect(offered(fakeBase).find(({ id }) => id === 'slowHandler')!.inside!.map(({ does }) => does)).toContainEqual([{ do: 'slowHandler', node: c1.name, add: 2_000_000 }])
    expect(offered(slow).find(({ id }) => id === 'quickHandler')!.does).toEqual([{ do: 'slowHandler', node: c1.name, add: 0 }])
    expect(faultsInForce(slow, text)).toMatchObject([{ title: `${c1.name}: slow handler`, ends: [{ do: 'slowHandler', node: c1.name, add: 0 }] }])
  })
})
