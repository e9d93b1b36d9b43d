/** What the State tab says of clients and their groups. Pure. */
import type { Belief } from '../../projection/cluster-view.ts'
import { epochBehind, instanceOf, seatOf } from '../../scene/holdings.ts'
import type { DeskText } from '../../text/desk.en.ts'
import { formatBytes, formatDuration, formatTime } from '../../text/format.ts'
import { answerOf } from '../answers.ts'
import type { Selection } from '../selection.ts'
import { list, type Add, type Reader } from './reading.ts'

export const clientReaders: Readonly<Record<Extract<Selection['kind'], 'producer' | 'consumer' | 'admin' | 'group'>, Reader>> = {
  producer: (key, { view, text }, add) => {
    const producer = view.producers[key]
    if (producer === undefined) return undefined
    const words = text.inspector
    add('condition', words.conditions[producer.condition], producer.condition === 'running' ? undefined : 'fault')
    if (producer.skew !== undefined) add('clock', text.faults.skew(producer.skew), 'fault')
    if (producer.slower !== undefined) add('slowHandler', text.faults.handlerMs(producer.slower / 1_000), 'fault')
    add('acks', producer.acks)
    add('idempotent', producer.idempotent)
    if (producer.producerId !== undefined) add('producerId', `${producer.producerId}, ${producer.producerEpoch ?? '?'}`)
    if (producer.transaction !== undefined) {
      const { id, state, error, coordinator, partitions } = producer.transaction
      add('transactionalId', id)
      add('transactionState', state, error === undefined ? undefined : 'fault')
      add('transactionError', error, 'fault')
      add('coordinator', coordinator ?? words.none)
      add('transactionPartitions', partitions.join(', '))
    }
    add('sent', producer.sent)
    add('acked', producer.acked, 'ok')
    add('failed', producer.failed, producer.failed > 0 ? 'fault' : undefined)
    add('retries', producer.retries)
    add(
      'waiting',
      producer.batches.reduce((sum, batch) => sum + batch.records.length, 0),
    )
    add('lastError', producer.lastError, 'fault')
    beliefs(producer.believes, text, add)
    return { subtitle: `${words.kinds.producer} · ${producer.library}` }
  },
  consumer: (key, { view, text, language }, add) => {
    const consumer = view.consumers[key]
    if (consumer === undefined) return undefined
    const words = text.inspector
    add('condition', words.conditions[consumer.condition], consumer.condition === 'running' ? undefined : 'fault')
    if (consumer.skew !== undefined) add('clock', text.faults.skew(consumer.skew), 'fault')
    if (consumer.slower !== undefined) add('slowHandler', text.faults.handlerMs(consumer.slower / 1_000), 'fault')
    add('state', consumer.state)
    add('group', consumer.group)
    add('memberId', consumer.memberId)
    const group = consumer.group === undefined ? undefined : view.groups[consumer.group]
    const seat = seatOf(group, key)
    add(group?.protocol === 'consumer' || group?.protocol === 'share' ? 'memberEpoch' : 'generation', consumer.generation, epochBehind(group, key) === undefined ? undefined : 'fault')
    add('instance', instanceOf(consumer))
    if (seat?.target !== undefined) add('target', list(seat.target, words.none))
    if (consumer.leases !== undefined) {
      add('assigned', list(consumer.assigned.map(({ partition }) => partition), words.none))
      add('holds', list(consumer.leases.map(({ offset }) => String(offset)), words.none))
    }
    for (const { partition, position, committed, paused } of consumer.leases === undefined ? consumer.assigned : []) {
      add('position', `${partition} ${position ?? '?'}${paused === true ? `, ${words.paused}` : ''}`, paused === true ? 'fault' : undefined)
      add('committed', `${partition} ${committed ?? words.none}`)
    }
    if (consumer.queued !== undefined) add('queued', consumer.queued)
    add('processed', consumer.processed, 'ok')
    const { filter, fetchedBytes = 0 } = consumer
    if (filter !== undefined) {
      add('filter', filter.keys)
      add('filtered', filter.passedOver)
      add('fetched', words.fetchedUsed(formatBytes(language, fetchedBytes), formatBytes(language, filter.usedBytes)))
    } else if (fetchedBytes > 0) add('fetched', formatBytes(language, fetchedBytes))
    add('lastError', consumer.lastError, 'fault')
    beliefs(consumer.believes, text, add)
    return {}
  },
  admin: (key, { view, text, language, film, at }, add) => {
    const admin = view.admins[key]
    if (admin === undefined) return undefined
    const words = text.inspector
    add('condition', words.conditions[admin.condition], admin.condition === 'running' ? undefined : 'fault')
    for (const { api, about, askedAt, at: broker } of admin.calls) {
      add('call', words.call(api, about, broker), broker === undefined ? 'fault' : undefined)
      add('since', formatTime(askedAt))
    }
    if (admin.calls.length === 0) add('call', words.none)
    const last = answerOf(film.story, at, key)
    add('answer', last === undefined ? words.none : words.answer(last.api, last.about, last.error, formatDuration(language, last.tookMs)), last === undefined || last.error === 'NONE' ? undefined : 'fault')
    add('calls', admin.made)
    return {}
  },
  group: (key, { view, text }, add) => {
    const group = view.groups[key]
    if (group === undefined) return undefined
    const words = text.inspector
    add('state', group.state, group.state === 'Stable' ? undefined : 'fault')
    if (group.protocol === 'classic') add('generation', group.generation)
    else {
      add('groupEpoch', group.generation)
      add('targetEpoch', group.targetEpoch, group.targetEpoch === group.generation ? undefined : 'fault')
    }
    add('protocol', group.protocol)
    add('assignor', group.assignor)
    add('coordinator', group.coordinator === undefined ? words.none : `${group.coordinator} (${group.coordinatorPartition})`)
    add(
      'members',
      list(
        group.members.map(({ client, assigned, target, epoch }) => {
          const has = `${client}: ${assigned.join(' ') || words.none}`
          const goesTo = target === undefined || target.join() === assigned.join() ? '' : ` → ${target.join(' ') || words.none}`
          return `${has}${goesTo}${epoch === undefined || epoch === group.generation ? '' : ` (${words.fields.epoch} ${epoch})`}`
        }),
        words.none,
      ),
    )
    for (const [partition, offset] of Object.entries(group.committed)) add(group.protocol === 'share' ? 'shareStart' : 'committed', `${partition} ${offset}`)
    for (const [partition, lag] of Object.entries(group.lag)) add('lag', `${partition} ${lag}`)
    return group.protocol === 'share' ? { subtitle: words.shareGroup } : {}
  },
}

function beliefs(believes: readonly Belief[], text: DeskText, add: Add): void {
  const words = text.inspector
  for (const { partition, leader, epoch, stale } of believes) {
    add(
      'believes',
      `${words.believesLeader(partition, leader ?? words.none, epoch)}${stale ? ` ${words.outOfDate}` : ''}`,
      stale ? 'fault' : undefined,
    )
  }
}
