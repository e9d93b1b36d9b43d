/** `kafka-dump-log.sh`: what lies in a file of a broker's log directory. Follows tools/.../DumpLogSegments.java. */
import type { SightBatch, SightFile } from '../projection/sight.ts'
import type { Options } from './parse.ts'
import { err, out, printed, remark, unsupported, usage, type Tool } from './tool.ts'

export const dumpLog: Tool = {
  name: 'kafka-dump-log.sh',
  flags: [{ name: 'files', takes: 'text' }, { name: 'help' }, { name: 'print-data-log' }],
  wants: (options) => {
    const file = fileOf(options)
    return file === undefined ? { topics: [] } : { topics: [], file }
  },
  run(options, sight) {
    if (!options.has('files')) return usage(dumpLog, 'This tool helps to parse a log file and dump its contents to the console, useful for debugging a seemingly corrupt log segment.')
    const path = options.value('files')!
    const [, name = '', suffix = ''] = /([^/]*)\.([a-z]+)$/.exec(path) ?? []
    const first = out(`Dumping ${path}`)
    if (!/^\d+$/.test(name)) return printed(first, err(`Exception in thread "main" java.lang.NumberFormatException: For input string: "${name}"`))
    if (suffix !== 'log' && suffix !== 'txnindex') return unsupported(`kafka-dump-log.sh --files *.${suffix}`)
    const { file } = sight
    if (file === undefined) return printed(first, err(`Exception in thread "main" java.nio.file.NoSuchFileException: ${path}`), [{ remark: { code: 'noServer', what: path } }])
    if (file.batches.length > MOST_BATCHES) return remark({ code: 'tooMany', most: MOST_BATCHES })
    return printed(first, out(...(suffix === 'log' ? logLines(file, options.has('print-data-log')) : indexLines(file))))
  },
}
const MOST_BATCHES = 5_000

/** `/var/kafka/b1/orders-0/00000000000000000000.log` */
function fileOf(options: Options): { readonly broker: number; readonly partition: string; readonly base: number } | undefined {
  const [, broker, topic, index, base] = /\/b(\d+)\/(.+)-(\d+)\/(\d+)\.[a-z]+$/.exec(options.value('files') ?? '') ?? []
  return broker === undefined ? undefined : { broker: Number(broker), partition: `${topic!}/${Number(index)}`, base: Number(base) }
}

function logLines({ base, batches }: SightFile, withData: boolean): readonly string[] {
  return [`Log starting offset: ${base}`, ...batches.flatMap((batch) => [
    `baseOffset: ${batch.baseOffset} lastOffset: ${batch.lastOffset} count: ${batch.records.length} baseSequence: ${batch.baseSequence} lastSequence: ${batch.lastSequence} producerId: ${batch.producerId} producerEpoch: ${batch.producerEpoch} partitionLeaderEpoch: ${batch.partitionLeaderEpoch} isTransactional: ${batch.isTransactional} isControl: ${batch.isControl} deleteHorizonMs: ${batch.deleteHorizonMs === undefined ? 'OptionalLong.empty' : `OptionalLong[${batch.deleteHorizonMs}]`} position: ${batch.position} CreateTime: ${batch.maxTimestamp} size: ${batch.sizeInBytes} magic: 2 compresscodec: ${batch.codec} crc: ${batch.crc} isvalid: true`,
    ...(withData ? dataLines(batch) : []),
  ])]
}

const dataLines = ({ records, marker }: SightBatch): readonly string[] => records.map(({ offset, timestamp, key, value, headers, sequence, keySize, valueSize }) => {
  const what = marker !== undefined ? ` endTxnMarker: ${marker.type} coordinatorEpoch: ${marker.coordinatorEpoch}` : `${key === undefined ? '' : ` key: ${key}`}${value === undefined ? '' : ` payload: ${value}`}`
  return `| offset: ${offset} CreateTime: ${timestamp} keySize: ${keySize} valueSize: ${valueSize} sequence: ${sequence} headerKeys: [${headers.map((header) => header.key).join(',')}]${what}`
})

const indexLines = ({ aborted }: SightFile): readonly string[] => aborted.map(({ producerId, firstOffset, lastOffset, lastStableOffset }) =>
  `version: 0 producerId: ${producerId} firstOffset: ${firstOffset} lastOffset: ${lastOffset} lastStableOffset: ${lastStableOffset}`)
