/** `kafka-get-offsets.sh`. Follows tools/.../GetOffsetShell.java. */
import type { SightLog } from '../projection/sight.ts'
import { matches } from './topics.ts'
import { err, out, printed, remark, unreachable, unsupported, usage, type Tool } from './tool.ts'

const times: Readonly<Record<string, (log: SightLog) => number | undefined>> = {
  '-1': ({ highWatermark }) => highWatermark, latest: ({ highWatermark }) => highWatermark,
  '-2': ({ begins }) => begins, earliest: ({ begins }) => begins,
  '-3': ({ newest }) => newest?.offset, 'max-timestamp': ({ newest }) => newest?.offset,
  '-4': ({ begins }) => begins, 'earliest-local': ({ begins }) => begins,
}

export const getOffsets: Tool = {
  name: 'kafka-get-offsets.sh',
  flags: [
    { name: 'bootstrap-server', takes: 'server' }, { name: 'exclude-internal-topics' }, { name: 'help' }, { name: 'partitions', takes: 'text' },
    { name: 'time', takes: ['latest', 'earliest', 'max-timestamp', '-1', '-2', '-3'] }, { name: 'topic', takes: 'topic' }, { name: 'topic-partitions', takes: 'topic' },
  ],
  // A moment is looked for among the records.
  wants: (options) => ({ topics: options.has('time') && options.has('topic') ? [options.value('topic')!] : [] }),
  run(options, sight) {
    if (options.has('help')) return usage(getOffsets, 'An interactive shell for getting topic-partition offsets.')
    if (!options.has('bootstrap-server')) return usage(getOffsets, 'Missing required argument "[bootstrap-server]"')
    if (options.has('topic-partitions') && (options.has('topic') || options.has('partitions'))) return printed(err('Error occurred: --topic-partitions cannot be used with --topic or --partitions'))
    const time = options.value('time') ?? 'latest'
    if (/^(-5|-6|latest-tiered|earliest-pending-upload)$/.test(time)) return unsupported(`--time ${time}`)
    if (!Object.hasOwn(times, time) && !/^\d+$/.test(time)) {
      return printed(err(`Error occurred: Malformed time argument ${time}. Please use -1 or latest / -2 or earliest / -3 or max-timestamp / -4 or earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload, or a specified long format timestamp`))
    }
    const unreached = unreachable(options, sight)
    if (unreached !== undefined) return unreached
    const isMeant = filterOf(options.value('topic-partitions'), options.value('topic'), options.value('partitions'))
    const found = sight.topics.filter(({ internal }) => !internal || !options.has('exclude-internal-topics'))
      .flatMap(({ name, partitions }) => partitions.map((partition) => ({ topic: name, partition }))).filter(({ topic, partition }) => isMeant(topic, partition.index))
      .toSorted((a, b) => (a.topic === b.topic ? a.partition.index - b.partition.index : a.topic < b.topic ? -1 : 1))
    if (found.length === 0) return printed(err('Error occurred: Could not match any topic-partitions with the specified filters'))
    // The tool waits for a leader; nobody here has the time.
    if (found.some(({ partition }) => partition.log === undefined)) return remark({ code: 'noAnswer' })
    const lines = found.flatMap(({ topic, partition: { index, log } }) => {
      const offset = times[time] === undefined ? log!.records.find(({ timestamp }) => timestamp >= Number(time))?.offset : times[time](log!)
      return offset === undefined ? [] : [`${topic}:${index}:${offset}`]
    })
    return printed(out(...lines))
  },
}

/** `topic:0-2,topic:5`, `topic`, `:3`; the upper end is exclusive. */
function filterOf(list: string | undefined, topic: string | undefined, partitions: string | undefined): (topic: string, index: number) => boolean {
  const isIn = (range: string, index: number): boolean => range.split(',').some((part) => {
    const [from = '', to] = part.split('-')
    return to === undefined ? from === '' || Number(from) === index : index >= Number(from || 0) && (to === '' || index < Number(to))
  })
  if (list === undefined) return (name, index) => (topic === undefined || matches(topic, name)) && (partitions === undefined || isIn(partitions, index))
  const rules = list.split(',').map((rule) => rule.split(':'))
  return (name, index) => rules.some(([pattern = '', range = '']) => (pattern === '' || matches(pattern, name)) && (range === '' || isIn(range, index)))
}
