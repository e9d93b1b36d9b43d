/** The group coordinator, as the broker it lives in calls it. */
export { newCoordinator } from './state.ts'
export type { Coordinator, Group, GroupState, Member } from './state.ts'
export { handleFindCoordinator } from './find.ts'
export { handleJoinGroup, handleLeaveGroup } from './join.ts'
export { handleSyncGroup } from './sync.ts'
export { handleCoordinatorTimer, handleHeartbeat } from './heartbeat.ts'
export type { ConsumerGroup } from './consumer/state.ts'
export { handleOffsetCommit, handleOffsetFetch } from './offsets.ts'
export { answerTxnCommit } from './answers.ts'
export { becomeCoordinator, handleAppendFailed, handleCommitted, resign } from './load.ts'

import type { Connection } from '../../engine/process.ts'
import type { Coordinator } from './state.ts'

/**
 * A coordinator does not look at connections: a JoinGroup that waits goes on waiting, as in Kafka, and its member is
 * found missing when it does not sync, or by its session.
 */
export const handleClientDisconnected = (_coordinator: Coordinator, _on: Connection): void => undefined
