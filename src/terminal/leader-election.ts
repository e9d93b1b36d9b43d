/** `kafka-leader-election.sh`. Follows tools/.../LeaderElectionCommand.java. */
import { err, exceptionOf, out, printed, unreachable, unsupported, usage, type Answer, type Ask, type Output, type Tool } from './tool.ts'

export const leaderElection: Tool = {
  name: 'kafka-leader-election.sh',
  flags: [
    { name: 'all-topic-partitions' }, { name: 'bootstrap-server', takes: 'server' }, { name: 'election-type', takes: ['preferred', 'unclean'] }, { name: 'help' },
    { name: 'partition', takes: 'number' }, { name: 'path-to-json-file', takes: 'text' }, { name: 'topic', takes: 'topic' },
  ],
  run(options, sight) {
    if (options.has('help')) return usage(leaderElection, 'This tool attempts to elect a new leader for a set of topic partitions. The type of elections supported are preferred replicas and unclean replicas.')
    const type = options.value('election-type')?.toLowerCase()
    if (type !== undefined && type !== 'preferred' && type !== 'unclean') {
      const says = `Cannot parse argument '${options.value('election-type')!}' of option election-type`
      return printed(err(says, `joptsimple.OptionArgumentConversionException: ${says}`))
    }
    const absent = ['bootstrap-server', 'election-type'].filter((name) => !options.has(name))
    if (absent.length > 0) return refused(`Missing required option(s): ${absent.join(', ')}`)
    const ways = ['topic', 'all-topic-partitions', 'path-to-json-file'].filter((name) => options.has(name))
    if (ways.length !== 1) return refused('One and only one of the following options is required: topic, all-topic-partitions, path-to-json-file')
    if (ways[0] === 'path-to-json-file') return unsupported('--path-to-json-file')
    if ((ways[0] === 'topic') !== options.has('partition')) return refused(ways[0] === 'topic' ? 'Missing required option(s): partition' : 'Option partition is only allowed if topic is used')
    const unreached = unreachable(options, sight)
    if (unreached !== undefined) return unreached
    const all = sight.topics.flatMap(({ name, partitions }) => partitions.map(({ index }) => [name, index] as const))
    const asked = ways[0] === 'topic' ? [[options.value('topic')!, Number(options.value('partition'))] as const] : all
    const asks = asked.map(([topic, index]): Ask => ({ action: { electLeader: { partition: `${topic}/${index}`, type: type! } }, api: 'ElectLeaders', about: `${topic}/${index}` }))
    return { kind: 'asked', asks, output: [], print: (answers) => outcome(asked, answers, type!.toUpperCase()) }
  },
}

const refused = (says: string) => printed(err(says, `org.apache.kafka.tools.AdminCommandFailedException: ${says}`))

function outcome(asked: readonly (readonly [topic: string, index: number])[], answers: readonly Answer[], type: string): readonly Output[] {
  const those = (is: (answer: Answer) => boolean): string => asked.flatMap(([topic, index], i) => (is(answers[i]!) ? [`${topic}-${index}`] : [])).join(', ')
  const done = those(({ error }) => error === 'NONE'), needless = those(({ error }) => error === 'ELECTION_NOT_NEEDED')
  const failures = asked.flatMap(([topic, index], i): readonly Output[] => {
    const answer = answers[i]!
    if (answer.error === 'NONE' || answer.error === 'ELECTION_NOT_NEEDED') return []
    const { name, says } = exceptionOf(answer)
    return out(`Error completing leader election (${type}) for partition: ${topic}-${index}: ${name}: ${answer.error === 'UNKNOWN_TOPIC_OR_PARTITION' ? `No such topic as ${topic}` : says}`)
  })
  const end = `${failures.length} replica(s) could not be elected`
  return [
    ...(done === '' ? [] : out(`Successfully completed leader election (${type}) for partitions ${done}`)),
    ...(needless === '' ? [] : out(`Valid replica already elected for partitions ${needless}`)),
    ...failures, ...(failures.length === 0 ? [] : err(end, `org.apache.kafka.tools.AdminCommandFailedException: ${end}`, '')),
  ]
}
