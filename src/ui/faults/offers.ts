/** What can be done to a thing at this moment: real-world words first, Kafka's term beneath. Pure. */
import type { Intervention } from '../../bridge/protocol.ts'
import type { ClusterView } from '../../projection/cluster-view.ts'
import type { DeskText } from '../../text/desk.en.ts'
import { baseName } from '../about.ts'
import type { Selection } from '../selection.ts'
import type { InForce, Offer, Victim } from './offer.ts'
import { rackOffers, rackVictim } from './offers-rack.ts'
import { pausedInForce, readingOffers } from './offers-reading.ts'
import { toyOffers } from './offers-toy.ts'

export type { InForce, Offer, Victim }

/** The machine that a menu on this thing acts on. */
export function victimOf(view: ClusterView, { kind, key }: Selection): Victim | undefined {
  if (kind === 'rack') return rackVictim(view, key)
  const name =
    kind === 'replica'
      ? key.split('@')[1]
      : kind === 'partition'
        ? view.partitions[key]?.leader
        : kind === 'waiting'
          ? view.waiting[key]?.broker
          : key
  if (name === undefined) return undefined
  const [broker, controller, producer, consumer] = [view.brokers[name], view.controllers[name], view.producers[name], view.consumers[name]]
  if (broker !== undefined) return { name, kind: 'broker', condition: broker.condition }
  if (controller !== undefined) return { name, kind: 'controller', condition: controller.condition }
  if (producer !== undefined) return { name, kind: 'producer', condition: producer.condition }
  if (view.admins[name] !== undefined) return { name, kind: 'admin', condition: view.admins[name].condition }
  if (view.toys[name] !== undefined) return { name, kind: 'toy', condition: view.toys[name].condition }
  if (consumer !== undefined) return { name, kind: 'consumer', condition: isStopped(consumer.state) ? 'down' : consumer.condition }
  return undefined
}
const isStopped = (state: string): boolean => state === 'stopped' || state === 'left' || state === 'fatal' || state === 'down'

/** Kafka's term beneath, by what it is done to. */
function termsOf(kind: Victim['kind'], text: DeskText['faults']): { readonly kill: string; readonly stop: string; readonly restart: string } {
  if (kind === 'broker') return { kill: text.killKafka('9'), stop: text.stopKafka, restart: text.restartKafka }
  if (kind === 'controller') return { kill: text.killController, stop: text.stopController, restart: text.restartController }
  return { kill: text.killClient, stop: text.stopClient, restart: text.startKafka }
}

export function offersFor(view: ClusterView, victim: Victim, text: DeskText['faults']): Offer[] {
  const { name, kind, condition } = victim
  if (kind === 'rack') return rackOffers(view, name, text)
  if (kind === 'admin') return adminOffers(view, victim, text)
  if (kind === 'toy') return toyOffers(view, victim, text)
  const isClient = kind === 'producer' || kind === 'consumer'
  const more = termsOf(kind, text)
  const act = (what: 'crash' | 'powerLoss' | 'stop' | 'restart' | 'pause' | 'resume' | 'start'): Intervention[] => [{ do: what, node: name }]
  if (condition === 'down') {
    return isClient
      ? [
          { id: 'start', icon: 'play', letter: 'r', title: text.startClient, more: text.startKafka, does: act('start') },
          ...forms(victim, text),
        ]
      : [{ id: 'restart', icon: 'restart', letter: 'r', title: text.restart, more: more.restart, does: act('restart') }]
  }
  const offers: Offer[] = []
  if (condition === 'frozen')
    offers.push({ id: 'resume', icon: 'play', letter: 'r', title: text.resume, more: text.resumeKafka, does: act('resume') })
  offers.push({ id: 'kill', icon: 'bolt', letter: 'k', title: text.kill, more: more.kill, does: act('crash') })
  if (kind === 'broker') offers.push({ id: 'power', icon: 'plug', letter: 'p', title: text.powerCut, more: text.powerCutKafka, does: act('powerLoss') })
  offers.push({
    id: 'stop',
    icon: 'power',
    letter: 's',
    title: text.stop,
    more: more.stop,
    does: act('stop'),
  })
  if (condition !== 'frozen')
    offers.push({ id: 'freeze', icon: 'freeze', letter: 'f', title: text.freeze, more: text.freezeKafka, does: act('pause') })
  offers.push(...readingOffers(view, victim, text))
  offers.push({ id: 'cut', icon: 'cut', letter: 'c', title: text.cut, more: text.cutKafka, inside: cuts(view, victim, text) })
  offers.push({ id: 'refuse', icon: 'cut', letter: 'x', title: text.refuse, more: text.refuseKafka, inside: cuts(view, victim, text, true) })
  offers.push({ id: 'slow', icon: 'slow', letter: 'w', title: text.slow, more: text.slowKafka, inside: slows(view, victim, text) })
  return [...offers, ...ownOffers(view, victim, text), ...forms(victim, text)]
}

/** What only a machine of this kind can suffer. */
function ownOffers(view: ClusterView, victim: Victim, text: DeskText['faults']): readonly Offer[] {
  const { name, kind } = victim
  const clock: Offer = { id: 'clock', icon: 'hourglass', letter: 'o', title: text.clock, more: text.clockKafka, inside: clocks(victim, text) }
  if (kind === 'consumer') return [slowHandler(view, name, text)]
  if (kind === 'producer') return [clock]
  if (kind !== 'broker') return []
  const stall: Offer = isStalled(view, name)
    ? { id: 'unstall', icon: 'play', letter: 't', title: text.unstall, more: text.resumeKafka, does: [{ do: 'resume', node: name }] }
    : { id: 'stall', icon: 'hourglass', letter: 't', title: text.stall, more: text.stallKafka, does: [{ do: 'stallFetch', node: name, for: undefined }] }
  return [{ id: 'disk', icon: 'drive', letter: 'd', title: text.disk, more: text.diskKafka, inside: disks(view, name, text) }, stall, clock]
}

const HOUR = 3_600_000_000
/** Beyond what a broker accepts of a record, and beyond what it keeps one for. */
const clocks = ({ name }: Victim, text: DeskText['faults']): Offer[] =>
  [-192, -0.5, 0.5, 2, 192].map((hours) => ({ id: `clock ${hours}`, icon: 'hourglass', title: text.skew(hours * HOUR), more: name, does: [{ do: 'clock', node: name, add: hours * HOUR }] }))

/** It has no records to send and no group to leave: what it asks can be delayed, cut off, or forgotten. */
function adminOffers(view: ClusterView, victim: Victim, text: DeskText['faults']): Offer[] {
  const { name, condition } = victim
  const act = (what: 'crash' | 'restart' | 'pause' | 'resume'): Intervention[] => [{ do: what, node: name }]
  if (condition === 'down') return [{ id: 'restart', icon: 'restart', letter: 'r', title: text.restart, more: text.restartAdmin, does: act('restart') }]
  return [
    ...(condition === 'frozen' ? ([{ id: 'resume', icon: 'play', letter: 'r', title: text.resume, more: text.resumeKafka, does: act('resume') }] satisfies Offer[]) : []),
    { id: 'kill', icon: 'bolt', letter: 'k', title: text.kill, more: text.killAdmin, does: act('crash') },
    ...(condition === 'frozen' ? [] : ([{ id: 'freeze', icon: 'freeze', letter: 'f', title: text.freeze, more: text.freezeKafka, does: act('pause') }] satisfies Offer[])),
    { id: 'cut', icon: 'cut', letter: 'c', title: text.cut, more: text.cutKafka, inside: cuts(view, victim, text) },
    { id: 'slow', icon: 'slow', letter: 'w', title: text.slow, more: text.slowKafka, inside: slows(view, victim, text) },
  ]
}

function forms({ kind, condition }: Victim, text: DeskText['faults']): Offer[] {
  const config: Offer = { id: 'config', icon: 'edit', letter: 'e', title: text.config, more: text.configKafka, form: 'config' }
  if (kind === 'consumer') return [config]
  if (kind !== 'producer') return []
  const produce: Offer = { id: 'produce', icon: 'request', letter: 'p', title: text.produce, more: text.produceKafka, form: 'produce' }
  return condition === 'running' || condition === 'down' ? [produce, config] : []
}

function cuts(view: ClusterView, { name, kind }: Victim, text: DeskText['faults'], reset = false): Offer[] {
  const cut = (to: readonly string[], traffic: 'all' | 'replication' | 'controller' | 'clients', title: string): Offer => ({
    id: `cut ${to.join()} ${traffic}`,
    icon: 'cut',
    title,
    more: text.traffic[traffic],
    does: [{ do: 'cut', from: [name], to, direction: 'both', traffic, ...(reset ? { reset } : {}) }],
  })
  const brokers = Object.keys(view.brokers).filter((other) => other !== name)
  const clients = [...Object.keys(view.producers), ...Object.keys(view.consumers)]
  const controllers = Object.keys(view.controllers).filter((other) => other !== name)
  const offers: Offer[] = []
  for (const other of brokers) {
    offers.push(cut([other], 'all', text.to(other)))
    if (kind === 'broker') offers.push(cut([other], 'replication', text.to(other)))
  }
  if (kind === 'controller') for (const other of controllers) offers.push(cut([other], 'controller', text.to(other)))
  if (kind === 'broker' && brokers.length > 1) offers.push(cut(brokers, 'replication', text.to(brokers.join(', '))))
  if (kind === 'broker' || controllers.length > 1) offers.push(cut(controllers, 'controller', text.to(controllers.join(', '))))
  if (kind === 'broker' && clients.length > 0) offers.push(cut(clients, 'clients', text.to(clients.join(', '))))
  return [...offers, cut([...brokers, ...controllers, ...(kind === 'broker' ? clients : [])], 'all', text.toAll)]
}

const slowBy = 100_000
function slows(view: ClusterView, { name, kind }: Victim, text: DeskText['faults']): Offer[] {
  const controllers = kind === 'controller' ? Object.keys(view.controllers) : []
  const others = [...Object.keys(view.brokers), ...controllers].filter((other) => other !== name)
  const clients = kind === 'broker' ? [...Object.keys(view.producers), ...Object.keys(view.consumers)] : []
  const both = (to: readonly string[]): Intervention[] => [
    { do: 'slow', from: [name], to, add: slowBy },
    { do: 'slow', from: to, to: [name], add: slowBy },
  ]
  const slow = (to: readonly string[], title: string): Offer => ({
    id: `slow ${to.join()}`,
    icon: 'slow',
    title,
    more: text.slowMs(slowBy / 1_000),
    does: both(to),
  })
  return [
    ...others.map((other) => slow([other], text.to(other))),
    ...clients.map((other) => slow([other], text.to(other))),
    slow([...others, ...clients], text.toAll),
  ]
}

/** Each log directory can fail or fill up, whatever ails it cannot twice; writes are slow on all of them. */
function disks(view: ClusterView, name: string, text: DeskText['faults']): Offer[] {
  const { logDirs = [undefined], slow = 0 } = view.brokers[name]?.disks ?? {}
  const offers = logDirs.flatMap((directory, dir): Offer[] => {
    const titled = (what: string): string => (directory === undefined || logDirs.length === 1 ? what : text.onDir(what, baseName(directory.path)))
    const offer = (what: 'failDisk' | 'fillDisk' | 'freeDisk', title: string, more: string): Offer => ({ id: `${what} ${dir}`, icon: what === 'freeDisk' ? 'restart' : 'drive', title: titled(title), more, does: [{ do: what, node: name, dir }] })
    if (directory?.ails !== undefined) return [offer('freeDisk', text.freeDisk, text.freeDiskKafka)]
    return [offer('failDisk', text.failDisk, text.failDiskKafka), offer('fillDisk', text.fillDisk, text.fillDiskKafka)]
  })
  const add = slow > 0 ? 0 : slowWriteBy
  return [...offers, { id: 'slowDisk', icon: 'slow', title: slow > 0 ? text.freeDisk : text.slowDisk, more: slow > 0 ? text.notForce.slowDisk(name) : text.slowMs(add / 1_000), does: [{ do: 'slowDisk', node: name, add }] }]
}
const slowWriteBy = 500_000

/** What its handler waits for becomes slow, or is as it was. */
function slowHandler(view: ClusterView, name: string, text: DeskText['faults']): Offer {
  const { slower } = view.consumers[name] ?? {}
  const does = (add: number): readonly Intervention[] => [{ do: 'slowHandler', node: name, add }]
  if (slower !== undefined) return { id: 'quickHandler', icon: 'slow', letter: 'h', title: text.quickHandler, more: text.notForce.slowHandler(name), does: does(0) }
  return { id: 'slowHandler', icon: 'slow', letter: 'h', title: text.slowHandler, more: text.slowHandlerKafka, inside: slowHandlerBy.map((add) => ({ id: `slowHandler ${add}`, icon: 'slow', title: text.handlerMs(add / 1_000), more: name, does: does(add) })) }
}
/** One that is noticed, one that fills its time, one that runs into max.poll.interval.ms with a poll of few records. */
const slowHandlerBy = [200_000, 2_000_000, 60_000_000]

const isStalled = (view: ClusterView, broker: string): boolean =>
  Object.values(view.replicas).some((replica) => replica.broker === broker && replica.fetching === 'stalled')

/** What is broken now; of one machine, or anywhere. */
export function faultsInForce(view: ClusterView, text: DeskText['faults'], of?: string): InForce[] {
  const found: InForce[] = []
  for (const { name, condition, since } of Object.values(view.brokers)) {
    if (condition === 'down')
      found.push({ id: `down ${name}`, icon: 'bolt', title: text.notForce.crash(name), since, ends: [{ do: 'restart', node: name }] })
    if (condition === 'frozen')
      found.push({ id: `frozen ${name}`, icon: 'freeze', title: text.notForce.pause(name), since, ends: [{ do: 'resume', node: name }] })
    if (condition === 'running' && isStalled(view, name))
      found.push({
        id: `stalled ${name}`,
        icon: 'hourglass',
        title: text.notForce.stall(name),
        since,
        ends: [{ do: 'resume', node: name }],
      })
  }
  for (const { name, condition, since } of Object.values(view.controllers)) {
    if (condition === 'down')
      found.push({ id: `down ${name}`, icon: 'bolt', title: text.notForce.crash(name), since, ends: [{ do: 'restart', node: name }] })
    if (condition === 'frozen')
      found.push({ id: `frozen ${name}`, icon: 'freeze', title: text.notForce.pause(name), since, ends: [{ do: 'resume', node: name }] })
  }
  for (const { name, condition } of [...Object.values(view.producers), ...Object.values(view.consumers), ...Object.values(view.admins), ...Object.values(view.toys)]) {
    if (condition === 'frozen')
      found.push({ id: `frozen ${name}`, icon: 'freeze', title: text.notForce.pause(name), since: 0, ends: [{ do: 'resume', node: name }] })
  }
  for (const { name, skew } of [...Object.values(view.brokers), ...Object.values(view.producers), ...Object.values(view.consumers)]) {
    if (skew !== undefined) found.push({ id: `clock ${name}`, icon: 'hourglass', title: text.notForce.clock(name, text.skew(skew)), since: 0, ends: [{ do: 'clock', node: name, add: -skew }] })
  }
  for (const { name, disks: ailing } of Object.values(view.brokers)) {
    ailing?.logDirs.forEach(({ path, ails }, dir) => {
      if (ails !== undefined) found.push({ id: `disk ${name} ${dir}`, icon: 'drive', title: text.notForce[ails](name, baseName(path)), since: 0, ends: [{ do: 'freeDisk', node: name, dir }] })
    })
    if (ailing !== undefined && ailing.slow > 0) found.push({ id: `slowDisk ${name}`, icon: 'slow', title: text.notForce.slowDisk(name), since: 0, ends: [{ do: 'slowDisk', node: name, add: 0 }] })
  }
  for (const { name, slower } of [...Object.values(view.producers), ...Object.values(view.consumers)]) {
    if (slower !== undefined) found.push({ id: `slowHandler ${name}`, icon: 'slow', title: text.notForce.slowHandler(name), since: 0, ends: [{ do: 'slowHandler', node: name, add: 0 }] })
  }
  found.push(...pausedInForce(view, text))
  const pairs = new Set<string>()
  for (const { from, to, cut, slow, since, rejects } of Object.values(view.links)) {
    const [a, b] = [from, to].sort() as [string, string]
    if (pairs.has(`${a} ${b}`)) continue
    pairs.add(`${a} ${b}`)
    const ends: Intervention[] = [{ do: 'heal', from: [a], to: [b] }]
    if (cut.length > 0) found.push({ id: `cut ${a} ${b}`, icon: 'cut', title: (rejects === undefined ? text.notForce.cut : text.notForce.refuse)(a, b), since, ends })
    else if (slow > 0) found.push({ id: `slow ${a} ${b}`, icon: 'slow', title: text.notForce.slow(a, b), since, ends })
  }
  return of === undefined ? found : found.filter(({ id }) => id.split(' ').slice(1).includes(of))
}
