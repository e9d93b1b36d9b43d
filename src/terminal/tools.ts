/** All tools by name, and what a line is before one of them has it: a command, help, or a file that is written or read. */
import { configs } from './configs.ts'
import { confluent } from './confluent.ts'
import { consoleConsumer } from './console-consumer.ts'
import { consoleProducer } from './console-producer.ts'
import { consumerGroups } from './consumer-groups.ts'
import { dumpLog } from './dump-log.ts'
import { getOffsets } from './get-offsets.ts'
import { leaderElection } from './leader-election.ts'
import { metadataQuorum } from './metadata-quorum.ts'
import { optionsOf, wordsOf } from './parse.ts'
import { shareGroups } from './share-groups.ts'
import { reassignPartitions } from './reassign-partitions.ts'
import { transactions } from './transactions.ts'
import { topics } from './topics.ts'
import type { Files, Plan, Remark, Tool } from './tool.ts'
import { planOf } from './tool.ts'
import type { Sight, SightWish } from '../projection/sight.ts'

export const tools: readonly Tool[] = [
  topics, consoleProducer, consoleConsumer, consumerGroups, shareGroups, configs, getOffsets, leaderElection, reassignPartitions, transactions, metadataQuorum, dumpLog, confluent,
]
/** `kafka-topics` is how some distributions call `kafka-topics.sh`. */
export const toolCalled = (name: string): Tool | undefined => tools.find((tool) => tool.name === name || tool.name === `${name}.sh` || tool.name === name.replace(/^.*\/bin\//, ''))

export type Command =
  | { readonly kind: 'nothing' | 'clear' }
  | { readonly kind: 'remark'; readonly remark: Remark }
  | { readonly kind: 'write'; readonly file: string; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tool'; readonly tool: Tool; readonly words: readonly string[]; readonly wish: SightWish }

const nothingWanted: SightWish = { topics: [] }

export function commandOf(line: string, files: Files): Command {
  const words = wordsOf(line)
  if (words === undefined) return { kind: 'remark', remark: { code: 'openQuote' } }
  const [first, ...rest] = words
  if (first === undefined) return { kind: 'nothing' }
  if (first === 'clear') return { kind: 'clear' }
  if (first === 'help' || first === '?') return { kind: 'remark', remark: { code: 'help' } }
  if (first === 'ls') return { kind: 'text', text: [...files.keys()].join('  ') }
  if (first === 'cat') return { kind: 'text', text: files.get(rest[0] ?? '') ?? `cat: ${rest[0] ?? ''}: No such file or directory` }
  if (first === 'echo') {
    const at = rest.indexOf('>')
    return at < 0 ? { kind: 'text', text: rest.join(' ') } : { kind: 'write', file: rest[at + 1] ?? 'out', text: rest.slice(0, at).join(' ') }
  }
  const tool = toolCalled(first)
  if (tool === undefined) return { kind: 'remark', remark: { code: 'unknownCommand', what: first } }
  const options = optionsOf(tool.flags, rest)
  return { kind: 'tool', tool, words: rest, wish: 'problem' in options ? nothingWanted : (tool.wants?.(options) ?? nothingWanted) }
}

export const start = ({ tool, words }: Extract<Command, { kind: 'tool' }>, sight: Sight, files: Files): Plan => planOf(tool, words, sight, files)
