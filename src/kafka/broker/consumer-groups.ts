/** Groups of the consumer protocol (KIP-848), whose heartbeats are answered by a part that is loaded late (`late.ts`). */
import type { handleConsumerGroupHeartbeat } from '../group/consumer/heartbeat.ts'
import { slot } from '../late.ts'

export const consumerGroupSlot = slot<typeof handleConsumerGroupHeartbeat>('groups of the consumer protocol')
