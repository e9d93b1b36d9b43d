/** What the view does not keep but the story tells: when a broker was killed and fenced, who acknowledged a record. */
import type { Micros } from '../../base/units.ts'
import type { NodeName } from '../../projection/cluster-view.ts'
import type { StoryLine } from '../../projection/story.ts'
import { headlinesUntil } from '../headlines.ts'

export interface Downfall {
  readonly how: 'killed' | 'halted' | 'stopped' | 'dark'
  readonly at: Micros
  readonly fencedAt: Micros | undefined
}

/** Looks back from the playhead, no further than to the moment the broker went down. */
export function downfallOf(story: readonly StoryLine[], length: number, node: NodeName, since: Micros): Downfall {
  let how: Downfall['how'] = 'killed'
  let fencedAt: Micros | undefined
  for (let i = length - 1; i >= 0; i--) {
    const { at, fact } = story[i]!
    if (at < since) break
    if (fact.code === 'broker.fenced' && fact.node === node) fencedAt = at
    if (fact.code === 'node.stopped' && fact.node === node) how = 'stopped'
    if (fact.code === 'node.halted' && fact.node === node) how = 'halted'
    if (fact.code === 'power.lost' && fact.node === node) how = 'dark'
  }
  return { how, at: since, fencedAt }
}

/** How a client's process ended; undefined = it has not begun, as far as has been told. */
export function endingOf(story: readonly StoryLine[], until: Micros, node: NodeName): 'down' | 'closed' | undefined {
  const lines = headlinesUntil(story, until)
  for (let i = lines.length - 1; i >= 0; i--) {
    const { fact } = lines[i]!
    if (!('node' in fact) || fact.node !== node) continue
    if (fact.code === 'node.crashed' || fact.code === 'node.halted' || fact.code === 'power.lost') return 'down'
    if (fact.code === 'node.stopped') return 'closed'
    if (fact.code === 'node.started') return undefined
  }
  return undefined
}

export interface Acked {
  readonly at: Micros | undefined
  readonly by: NodeName | undefined
}

/** Of a lost record: when its producer was told yes, and by whom. */
export function ackedOf(story: readonly StoryLine[], length: number, partition: string, offset: number): Acked {
  let by: NodeName | undefined
  for (let i = length - 1; i >= 0; i--) {
    const { at, fact } = story[i]!
    if (fact.code === 'record.lost' && fact.partition === partition && fact.offset === offset) by = fact.ackedBy
    if (
      fact.code === 'record.acked' &&
      fact.partition === partition &&
      fact.offset >= offset &&
      fact.offset - fact.records < offset &&
      by !== undefined
    )
      return { at, by }
  }
  return { at: undefined, by }
}
