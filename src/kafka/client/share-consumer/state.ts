/** What a share consumer knows: all that a consumer does, and beside it its leases and its sessions. */
import type { Epoch, Offset } from '../../../base/units.ts'
import type { AcknowledgeType } from '../../protocol/share.ts'
import type { ConsumerConfig, ConsumerOrder, ConsumerState } from '../consumer/state.ts'
import type { Read } from '../consumer/notebook.ts'

/** Frozen. */
export interface ShareConsumerConfig extends ConsumerConfig {
  readonly group: string
  /** In explicit mode: what its handler gives back or rejects, each time. All else it accepts. */
  readonly answers?: readonly { readonly partition: string; readonly offset: Offset; readonly as: 'accept' | 'release' | 'reject' }[] | undefined
}

export interface AcknowledgeCall { readonly type: 'acknowledge'; readonly partition: string; readonly offset: Offset; readonly as: Exclude<AcknowledgeType, 'gap'> }
export type ShareConsumerOrder = Extract<ConsumerOrder, { type: 'start' | 'configure' | 'close' | 'poll' | 'slowHandler' }> | AcknowledgeCall

/** A record that it believes to hold. Frozen. */
export interface Lease { readonly read: Read; readonly count: number; readonly node: string; readonly since: number }

export interface ShareConsumerState extends ConsumerState {
  readonly config: ShareConsumerConfig
  /** By partition and offset, those that poll() has not returned yet included. */
  leases: Map<string, Map<Offset, Lease>>
  /** What has come and poll() has not returned, oldest first. */
  inbox: (readonly Read[])[]
  /** Acknowledged by the application and not sent yet: by broker, partition, offset. */
  outbox: Map<string, Map<string, Map<Offset, AcknowledgeType>>>
  /** By broker: the epoch of the next request of its session; none = there is no session. */
  sessions: Map<string, Epoch>
}
