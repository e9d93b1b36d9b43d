/** What the State tab says of a thing: names as Kafka's tools have them, values as text. Pure. */
import type { Cell, ClusterView, ShareView } from '../../projection/cluster-view.ts'
import { formatDuration, formatNumber, formatTime } from '../../text/format.ts'
import { txnOf } from '../../scene/transactions.ts'
import { placeOfRecord } from '../about.ts'
import type { Language } from '../../text/language.ts'
import { sinkText } from '../toy/sink-text.ts'
import { toyText } from '../toy/toy-text.ts'
import type { Selection } from '../selection.ts'
import { clientReaders } from './facts-clients.ts'
import { toySheet } from './facts-toy.ts'
import { list, type Add, type Reader, type Reading, type Row, type Sheet } from './reading.ts'

export type { Sheet }

/** undefined = it is not there at this moment. */
export function sheetOf(selection: Selection, reading: Reading): Sheet | undefined {
  const { text } = reading
  const rows: Row[] = []
  const words = text.inspector
  const add: Add = (key, value, tone) => {
    if (value === undefined || value === '') return
    const shown = typeof value === 'boolean' ? (value ? words.yes : words.no) : String(value)
    rows.push({ key, name: words.fields[key], value: shown, ...(tone === undefined ? {} : { tone }) })
  }
  if (selection.kind === 'toy') return toySheet(selection.key, reading)
  const head = readers[selection.kind](selection.key, reading, add)
  return head === undefined
    ? undefined
    : {
        title: head.title ?? selection.key,
        subtitle: head.subtitle ?? words.kinds[selection.kind],
        rows,
        ...(head.cell === undefined ? {} : { cell: head.cell }),
      }
}

const readers: Readonly<Record<Exclude<Selection['kind'], 'toy'>, Reader>> = {
  rack: (key, { view }, add) => {
    const brokers = Object.values(view.brokers).filter(({ rack }) => rack === key)
    if (brokers.length === 0) return undefined
    const names = new Set(brokers.map(({ name }) => name))
    const hosted = Object.values(view.partitions).filter(({ internal, replicas }) => !internal && replicas.some((name) => names.has(name)))
    const down = brokers.filter(({ condition }) => condition === 'down').length
    const fenced = brokers.filter((broker) => broker.fenced).length
    const count = (name: Parameters<Add>[0], holds: (partition: ClusterView['partitions'][string]) => boolean): void => {
      const found = hosted.filter(holds).length
      add(name, found, found > 0 ? 'fault' : undefined)
    }
    add('brokers', brokers.length)
    add('down', down, down > 0 ? 'fault' : undefined)
    add('fenced', fenced, fenced > 0 ? 'fault' : undefined)
    add('leaders', hosted.filter(({ leader }) => leader !== undefined && names.has(leader)).length)
    count('underReplicated', ({ isr, replicas }) => isr.length < replicas.length)
    count('underMin', ({ isr, minIsr }) => isr.length < minIsr)
    count('offline', ({ leader, online }) => leader === undefined || !online)
    return {}
  },
  broker: (key, { view, text }, add) => {
    const broker = view.brokers[key]
    if (broker === undefined) return undefined
    add('condition', text.inspector.conditions[broker.condition], broker.condition === 'running' ? undefined : 'fault')
    if (broker.skew !== undefined) add('clock', text.faults.skew(broker.skew), 'fault')
    add('since', formatTime(broker.since))
    add('fenced', broker.fenced, broker.fenced ? 'fault' : undefined)
    add('registered', broker.registered)
    add('brokerEpoch', broker.brokerEpoch)
    add('metadataOffset', broker.metadataOffset)
    add('rack', broker.rack)
    add('nodeId', broker.nodeId)
    add('starts', broker.starts)
    if (broker.disks !== undefined) {
      const { logDirs, slow } = broker.disks
      logDirs.forEach(({ path, online, ails, usedPct }) => add('logDir', text.inspector.logDir(path, online, ails, usedPct), online && ails === undefined ? undefined : 'fault'))
      if (slow > 0) add('slowDisk', text.faults.slowMs(slow / 1_000), 'fault')
    }
    for (const [partition, belief] of Object.entries(broker.stale)) {
      add('believes', text.inspector.believesLeader(partition, belief.leader ?? text.inspector.none, belief.epoch), 'fault')
    }
    return {}
  },
  controller: (key, { view, text }, add) => {
    const controller = view.controllers[key]
    if (controller === undefined) return undefined
    add('condition', text.inspector.conditions[controller.condition], controller.condition === 'running' ? undefined : 'fault')
    add('host', controller.host)
    if (controller.condition !== 'down') add('role', text.inspector.role[controller.role])
    add('epoch', controller.epoch)
    add('leader', controller.leader ?? text.inspector.none)
    add('votedFor', controller.votedFor ?? '')
    if (controller.votes !== undefined) {
      add('granted', list(controller.votes.granted, text.inspector.none))
      add('refused', list(controller.votes.refused, text.inspector.none))
    }
    if (controller.logStart !== undefined) add('logStart', controller.logStart)
    add('logEnd', controller.logEndOffset)
    add('hw', controller.highWatermark)
    return {}
  },
  partition: (key, { view, text }, add) => {
    const partition = view.partitions[key]
    if (partition === undefined) return undefined
    const short = partition.isr.length < partition.replicas.length
    add('leader', partition.leader ?? text.inspector.none, partition.leader === undefined ? 'fault' : undefined)
    add('leaderEpoch', partition.leaderEpoch)
    add('isr', list(partition.isr, text.inspector.none), short ? 'fault' : undefined)
    add('elr', list(partition.elr, text.inspector.none))
    add('lastKnownElr', partition.lastKnownElr.join(', '))
    add('replicas', list(partition.replicas, text.inspector.none))
    add('minIsr', partition.minIsr)
    add('online', partition.online, partition.online ? undefined : 'fault')
    add('partitionEpoch', partition.partitionEpoch)
    add('since', formatTime(partition.leaderSince))
    const leader = view.replicas[`${key}@${partition.leader}`]
    add('hw', leader?.highWatermark)
    add('logEnd', leader?.logEndOffset)
    return {}
  },
  replica: (key, { view, text, language }, add) => {
    const replica = view.replicas[key]
    if (replica === undefined) return undefined
    const words = text.inspector
    add('role', words.role[replica.role])
    add('inSync', replica.inSync, replica.inSync ? undefined : 'fault')
    add('leaderEpoch', replica.leaderEpoch)
    add('logStart', replica.logStartOffset)
    add('hw', replica.highWatermark, 'ok')
    add('logEnd', replica.logEndOffset)
    add('segments', (replica.segmentBases ?? [replica.logStartOffset]).join(', '))
    add('bytes', formatNumber(language, replica.bytes))
    add('logDir', replica.logDir, replica.offline === true ? 'fault' : undefined)
    if (replica.transactions !== undefined) {
      const { lastStable, open } = replica.transactions
      add('lastStable', lastStable, lastStable < replica.highWatermark ? 'fault' : undefined)
      add('openTransactions', open.map(({ producerId, first }) => words.openTransaction(producerId, first)).join(', '))
    }
    if (replica.writtenTo !== undefined) {
      add('writtenTo', replica.writtenTo)
      const cached = replica.logEndOffset - replica.writtenTo
      if (cached > 0) add('pageCache', words.pageCache(replica.writtenTo, cached), 'fault')
    }
    for (const { group, startOffset, endOffset, records } of replica.shares ?? []) add('inFlight', records.length === 0 ? `${group} ${startOffset}` : `${group} ${startOffset}–${endOffset}`)
    add('rewrites', replica.rewrites)
    add('epochs', replica.epochs.map(([epoch, start]) => `${epoch} @ ${start}`).join(', '))
    add('truncations', replica.truncations)
    add('fetcher', replica.fetching)
    add('followers', replica.followers.map(({ broker, logEndOffset }) => `${broker} ${logEndOffset ?? '?'}`).join(', '))
    if (replica.pendingIsr !== undefined) add('pendingIsr', `${replica.pendingIsr.kind} ${replica.pendingIsr.brokers.join(', ')}`, 'fault')
    return { title: replica.partition, subtitle: `${words.kinds.replica} · ${replica.broker}` }
  },
  record: (key, { view, text, language, at }, add) => {
    const place = placeOfRecord(view, key)
    const lost = view.ledger.all.lost.find(({ id }) => id === key)
    const cell = place?.cell ?? cellInClients(view, key)
    if (cell === undefined && lost === undefined) return undefined
    const words = text.inspector
    const partition = place?.partition ?? lost?.partition
    const leader = partition === undefined ? undefined : view.replicas[`${partition}@${view.partitions[partition]?.leader}`]
    const marker = cell?.marker
    if (marker === undefined) add('key', cell?.key ?? words.none)
    add('value', cell?.value)
    add('offset', place?.cell.offset ?? lost?.offset)
    add('on', place === undefined ? words.none : list(place.on, words.none), lost === undefined ? undefined : 'lost')
    if (place !== undefined && leader !== undefined)
      add('committed', lost === undefined && place.cell.offset < leader.highWatermark, lost === undefined ? undefined : 'lost')
    if (place !== undefined) for (const consumer of holdingBack(view, place.partition, place.cell.offset)) add('unread', words.unread(consumer), 'fault')
    for (const share of leader?.shares ?? []) addShare(share, place?.cell.offset, language, at, add)
    add('leaderEpoch', place?.cell.epoch)
    add('batch', place?.cell.batch)
    if (cell?.txn !== undefined && leader !== undefined) {
      const is = txnOf(cell, leader.transactions)
      add('transaction', is === undefined ? words.txn.committed : words.txn[is], is === undefined ? undefined : 'fault')
    }
    if (marker !== undefined) add('transaction', words.ends[marker])
    if (marker === undefined) add('number', cell?.number)
    add('identity', key)
    return {
      title: marker ?? cell?.value ?? key,
      subtitle: [marker === undefined ? words.kinds.record : words.marker, partition].filter((part) => part !== undefined).join(' · '),
      ...(cell === undefined ? {} : { cell }),
    }
  },
  ...clientReaders,
  span: (key, { film, text, language }, add) => {
    const span = film.span(Number(key))
    if (span === undefined) return undefined
    const { detail } = span
    const words = text.inspector
    add('from', span.from)
    add('to', span.to)
    add('sentAt', formatTime(span.sentAt))
    add(
      'arrivesAt',
      span.arrivesAt === Infinity
        ? words.unknown
        : `${formatTime(span.arrivesAt)} (${formatDuration(language, (span.arrivesAt - span.sentAt) / 1_000)})`,
    )
    if (span.fate !== 'arrives') add('fate', words.fates[span.fate], 'fault')
    add('error', detail.error, 'fault')
    add('records', detail.records.length === 0 ? undefined : detail.records.map((cell) => cell.value ?? `#${cell.number}`).join(', '))
    add('offset', detail.offset)
    add('hw', detail.highWatermark)
    add('leaderEpoch', detail.leaderEpoch)
    add('traffic', span.traffic)
    for (const [name, value] of detail.fields) add('value', `${name} ${value}`)
    if (detail.toy === true) return { title: detail.api, subtitle: detail.api === 'Effect' ? sinkText(language).inspector.message : toyText(language).notKafkaShort }
    return { title: detail.api, subtitle: `${words.part[detail.part]}${detail.partition === undefined ? '' : ` · ${detail.partition}`}` }
  },
  waiting: (key, { view, text }, add) => {
    const waiting = view.waiting[key]
    if (waiting === undefined) return undefined
    add('from', waiting.from)
    add('on', waiting.broker)
    add('needs', `${text.inspector.needs[waiting.needs.what]}${waiting.needs.value === undefined ? '' : ` ${waiting.needs.value}`}`)
    add('since', formatTime(waiting.since))
    add('until', waiting.until === undefined ? undefined : formatTime(waiting.until))
    add('records', waiting.records.length === 0 ? undefined : waiting.records.map((cell) => cell.value ?? `#${cell.number}`).join(', '))
    return {
      title: waiting.api,
      subtitle: `${text.inspector.kinds.waiting}${waiting.partition === undefined ? '' : ` · ${waiting.partition}`}`,
    }
  },
  link: (key, { view, language }, add) => {
    const link = view.links[key]
    if (link === undefined) return undefined
    add('cut', link.cut.join(', '), 'fault')
    add('rejects', link.rejects?.join(', '), 'fault')
    if (link.slow > 0) add('slow', formatDuration(language, link.slow / 1_000), 'fault')
    add('since', formatTime(link.since))
    return { title: `${link.from} – ${link.to}` }
  },
}

/** Who would read it next, had it not paused its partition. */
const holdingBack = (view: ClusterView, partition: string, offset: number): readonly string[] =>
  Object.values(view.consumers).filter(({ assigned }) => assigned.some((each) => each.partition === partition && each.paused === true && (each.position ?? 0) <= offset)).map(({ name }) => name)

/** What a record is to a share group: finished, free, or lent to somebody for a while. */
function addShare({ group, startOffset, loadedAt, archivedBefore, records, limit }: ShareView, offset: number | undefined, language: Language, at: number, add: Add): void {
  if (offset === undefined) return
  const record = records.find((each) => each.offset === offset)
  if (offset < loadedAt) return
  const before = archivedBefore.includes(offset) ? 'ARCHIVED' : 'ACKNOWLEDGED'
  add('shareState', `${group} ${record?.state ?? (offset < startOffset ? before : 'AVAILABLE')}`)
  if (record === undefined) return
  add('holder', record.holder)
  if (record.lockedUntil !== undefined) add('leaseLeft', formatDuration(language, Math.max(0, Math.round((record.lockedUntil - at) / 100_000) * 100)))
  add('deliveries', `${record.count} / ${limit}`)
}

/** A record that no log holds may still be on its way, or have been read. */
function cellInClients(view: ClusterView, id: string): Cell | undefined {
  for (const { batches, lastAcked } of Object.values(view.producers)) {
    for (const cells of [...batches.map((batch) => batch.records), lastAcked]) {
      const cell = cells.find((each) => each.id === id)
      if (cell !== undefined) return cell
    }
  }
  for (const { lastRead } of Object.values(view.consumers)) {
    const cell = lastRead.find((each) => each.id === id)
    if (cell !== undefined) return cell
  }
  return undefined
}
