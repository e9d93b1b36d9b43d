/** What has been seen of a live cluster so far: its files, its brokers' answers, its clients' own words. Nothing is inferred here. */
import { parsePartition } from '../../src/kafka/topic-partition.ts'
import { word, type Told } from './probe.ts'

export interface SeenPartition {
  readonly leader: number; readonly leaderEpoch: number; readonly partitionEpoch: number; readonly recovery: string
  readonly replicas: readonly number[]; readonly isr: readonly number[]; readonly elr: readonly number[]; readonly lastKnownElr: readonly number[]
  readonly adding: readonly number[]; readonly removing: readonly number[]
}
export interface SeenBatch {
  readonly position: number; readonly base: number; readonly last: number; readonly bytes: number; readonly epoch: number; readonly producerId: number; readonly producerEpoch: number
  readonly sequence: number; readonly crc: number; readonly timestamp: number; readonly timestampType: string; readonly horizon?: number
  readonly control?: 'commit' | 'abort' | 'none'; readonly broken?: boolean
  /** Offset, key, value. */
  readonly records: readonly (readonly [number, string | null, string | null])[]
}
export interface SeenReplica {
  readonly path: string; readonly leo: number; readonly bases: readonly number[]; readonly sizes: readonly number[]
  readonly epochs: readonly (readonly [number, number])[]; readonly aborted: readonly (readonly [number, number])[]; readonly batches: readonly SeenBatch[]
}
export interface SeenMarks { readonly hw: number; readonly lso: number; readonly start: number }
export interface SeenBroker { readonly epoch: number; readonly fenced: boolean; readonly rack: string | undefined }
export interface SeenMember {
  readonly client: string; readonly id: string; readonly instance?: string; readonly epoch?: number
  readonly assigned: readonly string[]; readonly target?: readonly string[]
}
export interface SeenGroup {
  readonly state: string; readonly type?: string; readonly assignor?: string; readonly coordinator?: number
  readonly epoch?: number; readonly targetEpoch?: number; readonly members?: readonly SeenMember[]
}
export interface SeenTransaction { readonly state?: string; readonly producerId?: number; readonly epoch?: number; readonly coordinator?: number }
export interface SeenShare { readonly state: string; readonly epoch?: number; readonly members: readonly SeenMember[]; readonly starts: Readonly<Record<string, number>> }
export interface SeenVoter { readonly leaderId: number; readonly leaderEpoch: number; readonly votedId: number }
export interface Answer { readonly done: boolean; readonly error?: string; readonly value?: number; readonly called: number; readonly at?: number }

export class Seen {
  readonly partitions = new Map<string, SeenPartition>()
  /** By `t/0@1`; of one who is down as it lies on its disk. */
  readonly replicas = new Map<string, SeenReplica>()
  readonly marks = new Map<string, SeenMarks>()
  readonly believes = new Map<string, { readonly leader: number; readonly epoch: number; readonly isr: readonly number[] }>()
  readonly brokers = new Map<number, SeenBroker>()
  readonly voters = new Map<string, SeenVoter>()
  readonly groups = new Map<string, SeenGroup>()
  readonly generations = new Map<string, number>()
  readonly committed = new Map<string, Readonly<Record<string, number>>>()
  readonly transactions = new Map<string, SeenTransaction>()
  readonly shares = new Map<string, SeenShare>()
  readonly answers = new Map<string, Answer>()
  /** Who led last, where nobody does. */
  readonly lastLeader = new Map<string, number>()
  /** Grows with everything that is seen. */
  version = 0

  /** True: it was about the cluster. */
  take(told: Told): boolean {
    const { e, ...of } = told
    const partition = word(of['p'])
    const at = `${partition}@${word(of['b'])}`
    switch (e) {
      case 'partition': {
        const now = of as unknown as SeenPartition
        this.partitions.set(partition, now)
        if (now.leader >= 0) this.lastLeader.set(partition, now.leader)
        break
      }
      case 'topic-removed':
        for (const name of this.partitions.keys()) if (parsePartition(name).topic === of['topic']) this.partitions.delete(name)
        break
      case 'replica': this.replicas.set(at, of as unknown as SeenReplica); break
      case 'replica-gone':
        for (const [name, { path }] of this.replicas) if (path === of['path']) this.replicas.delete(name)
        break
      case 'marks': this.marks.set(at, of as unknown as SeenMarks); break
      case 'believes': this.believes.set(at, of as never); break
      case 'broker': this.#broker(of); break
      case 'quorum': this.voters.set(String(of['k']), of['state'] as SeenVoter); break
      case 'group': this.groups.set(String(of['g']), of as unknown as SeenGroup); break
      case 'group-generation': this.generations.set(String(of['g']), of['generation'] as number); break
      case 'committed': this.committed.set(String(of['g']), of['committed'] as Record<string, number>); break
      case 'transaction': this.transactions.set(String(of['t']), of as unknown as SeenTransaction); break
      case 'share': this.shares.set(String(of['g']), of as unknown as SeenShare); break
      case 'answer': {
        const name = of['name']
        if (typeof name === 'string') this.answers.set(name, { ...(of as unknown as Answer), done: true })
        break
      }
      default: return false
    }
    this.version++
    return true
  }

  #broker(of: Readonly<Record<string, unknown>>): void {
    const id = of['b'] as number
    const was = this.brokers.get(id)
    this.brokers.set(id, {
      epoch: (of['epoch'] as number | undefined) ?? was?.epoch ?? -1, fenced: (of['fenced'] as boolean | undefined) ?? was?.fenced ?? true,
      rack: (of['rack'] as string | undefined) ?? was?.rack,
    })
  }
}
