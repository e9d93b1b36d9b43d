/**
 * What a leader remembers of a follower's fetches on one connection. A follower that has all of a partition, is in the ISR, has
 * been told how far that is committed and asks for the same as before is *settled* there: the next fetch says nothing new of it
 * but that it still is, and is not looked at. Whatever happens to the partition stirs it up.
 *
 * Kafka's fetch sessions (KIP-227) remember the same to shorten requests; the leader still looks at every partition. Here it is
 * the other way round: what is asked and answered is the same with them and without.
 */
import type { Micros } from '../../base/units.ts'
import type { Connection } from '../../engine/process.ts'
import type { FetchPartition, FetchRequest } from '../protocol/fetch.ts'
import type { Broker, FetchSession, FollowerProgress, Replica } from './state.ts'

/** The session that this fetch goes on with. One that lists other partitions, or comes from another registration, begins anew. */
export function sessionFor(broker: Broker, { replicaId, brokerEpoch, partitions }: FetchRequest, on: Connection): FetchSession {
  const known = broker.sessions.get(on)
  if (known !== undefined && known.brokerEpoch === brokerEpoch && listsTheSame(known.wishes, partitions)) return known
  endSession(broker, on)
  const session: FetchSession = { replicaId, brokerEpoch, wishes: partitions, at: 0, settled: partitions.map(() => 0) }
  broker.sessions.set(on, session)
  return session
}

function listsTheSame(one: readonly FetchPartition[], other: readonly FetchPartition[]): boolean {
  if (one.length !== other.length) return false
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i] && one[i]!.partition !== other[i]!.partition) return false
  return true
}

/** Nothing more comes over this connection. */
export function endSession(broker: Broker, on: Connection): void {
  const session = broker.sessions.get(on)
  if (session === undefined) return
  session.wishes.forEach(({ partition }, place) => {
    const follower = session.settled[place] === 1 ? broker.replicas.get(partition)?.leading?.followers.get(session.replicaId) : undefined
    if (follower !== undefined) unsettle(session, follower)
  })
  broker.sessions.delete(on)
}

export function settle(session: FetchSession, place: number, follower: FollowerProgress): void {
  session.settled[place] = 1
  follower.settledAt = place
}

function unsettle(session: FetchSession, follower: FollowerProgress): void {
  session.settled[follower.settledAt] = 0
  follower.settledAt = -1
  follower.lastCaughtUpAt = session.at
  follower.lastFetchAt = session.at
}

/** It is looked at again, as of its last fetch. */
export function wake({ sessions }: Broker, follower: FollowerProgress): void {
  if (follower.settledAt >= 0) unsettle(sessions.get(follower.toldOn)!, follower)
}

/** Something happens to this partition: all who follow it are looked at again. */
export function stir(broker: Broker, { leading }: Replica): void {
  if (leading !== undefined) for (const follower of leading.followers.values()) wake(broker, follower)
}

/** When it last had everything. */
export const caughtUpAt = ({ sessions }: Pick<Broker, 'sessions'>, { settledAt, toldOn, lastCaughtUpAt }: FollowerProgress): Micros =>
  (settledAt < 0 ? lastCaughtUpAt : sessions.get(toldOn)!.at)
