/**
 * Why a side effect came about, or was to come about twice: what became of the reading that the first one belonged to, and the
 * config by which that would have been marked as read.
 */
import type { FactOf, NoteCode } from '../kafka/notes.ts'
import type { Past } from './past.ts'
import type { StoryLine } from './story.ts'
import { decided, reason, type Decided, type Reason, type Rule } from './why-reason.ts'

export const effects = {
  'effect.made': ({ client, partition, offset }, past) => reason([past.last('records.read', (fact) => fact.consumer === client && fact.partition === partition && fact.base <= offset && fact.last >= offset)]),
  'effect.repeated': (fact, past) => doneAgain(fact, past),
  'effect.refused': (fact, past) => doneAgain(fact, past, decided('dedupe', 'true')),
} satisfies { readonly [C in NoteCode]?: Rule<C> }

function doneAgain(fact: FactOf<'effect.repeated' | 'effect.refused'>, past: Past, ...more: readonly Decided[]): Reason {
  const { sink, client, partition, offset, identity, why, before, marks, txn } = fact
  const first = past.find((each) => (each.code === 'effect.made' || each.code === 'effect.repeated' || each.code === 'effect.refused') && each.sink === sink && each.identity === identity)
  const since = (line: StoryLine | undefined): StoryLine | undefined => (line !== undefined && line.index > (first?.index ?? -1) ? line : undefined)
  switch (why) {
    case 'noAnswer': return reason([since(past.last('connection.lost', (each) => each.node === client && each.peer === sink)), since(past.remedy(sink)), first], ...more)
    case 'copied': return reason([past.last('message.tampered', (each) => each.from === client && each.to === sink), first], ...more)
    case 'otherGroup': return reason([first], ...more)
    case 'sameIdentity': return reason([past.last('batch.appended', (each) => each.partition === partition && each.base <= offset && each.last >= offset), first], ...more)
    case 'restarted': case 'readAgain': case 'otherMember': break
  }
  const undone = marks === 'transaction' ? past.last('txn.decided', (each) => each.txn === txn && each.outcome === 'abort') : undefined
  const released = marks === 'acknowledge' ? past.last('share.released', (each) => each.partition === partition && each.offset <= offset && each.last >= offset) : undefined
  const moved = past.newest(past.last('partitions.lost', (each) => each.member === before), past.last('partitions.revoked', (each) => each.member === before), past.last('position.sought', (each) => each.consumer === client && each.partition === partition))
  const ended = past.newest(past.ended(before), past.last('handler.failed', (each) => each.consumer === before && each.how === 'ends'))
  return reason([since(released), since(undone), since(why === 'restarted' ? past.remedy(client) : moved), since(ended), first], ...marked[marks](fact), ...more)
}
/** By what it is decided when a record counts as read. Of an application its own `commits` of the file, of Kafka its configs. */
const marked: Readonly<Record<FactOf<'effect.repeated'>['marks'], (fact: FactOf<'effect.repeated' | 'effect.refused'>) => readonly Decided[]>> = {
  auto: ({ intervalMs }) => [decided('enable.auto.commit', 'true'), decided('auto.commit.interval.ms', intervalMs ?? 0)],
  before: () => [decided('commits', 'before')], after: () => [decided('commits', 'after')], afterAsync: () => [decided('commits', 'afterAsync')], manual: () => [decided('commits', 'manual')],
  transaction: ({ txn }) => [decided('transactional.id', txn ?? '')], turn: () => [], acknowledge: () => [], off: () => [decided('enable.auto.commit', 'false')], none: () => [],
}
