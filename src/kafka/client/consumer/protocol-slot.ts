/** Members of the consumer protocol (KIP-848), which are loaded late (`late.ts`): a plain group is a classic one. */
import { slot } from '../../late.ts'
import type * as Heartbeats from './group-heartbeat.ts'
import type * as Protocol from './protocol.ts'

export const protocolSlot = slot<Pick<typeof Protocol, 'followCoordinator'> & Pick<typeof Heartbeats, 'handleGroupHeartbeatResponse' | 'handleGroupHeartbeatTimer' | 'sayFarewell'>>('members of the consumer protocol')
