/** What the State tab says of a toy's machines. They are not Kafka, and the subtitle says so. Pure. */
import type { Cell } from '../../projection/cluster-view.ts'
import { formatDuration } from '../../text/format.ts'
import { toyText } from '../toy/toy-text.ts'
import { sinkSheet } from './facts-sink.ts'
import type { Reading, Row, Sheet } from './reading.ts'

export function toySheet(key: string, { view, text, language, at }: Reading): Sheet | undefined {
  const machine = view.toys[key]
  if (machine === undefined) return undefined
  if (machine.role === 'sink') return sinkSheet(machine, text, language)
  const words = toyText(language)
  const fields = words.inspector
  const rows: Row[] = []
  const add = (name: string, value: string | number, tone?: Row['tone']): void => void rows.push({ key: name, name, value: String(value), ...(tone === undefined ? {} : { tone }) })
  const cells = (list: readonly Cell[]): string => (list.length === 0 ? fields.nothing : list.map(({ number }) => `#${number}`).join(' '))
  const time = (micros: number): string => formatDuration(language, micros / 1_000)
  const bad = (count: number, tone: Row['tone']): Row['tone'] => (count > 0 ? tone : undefined)
  const broker = view.toys[machine.toy]
  const kind = broker?.role === 'broker' ? broker.whenFull : 'drop'
  const idle = machine.condition === 'down' && machine.since === 0
  add(text.inspector.fields.condition, idle ? words.notStarted : text.inspector.conditions[machine.condition], machine.condition === 'running' || idle ? undefined : 'fault')
  switch (machine.role) {
    case 'broker': {
      const { whenFull, published, blockedBy, blockedSince, blockedFor, inHand, missed } = machine
      add(fields.whenFull, fields[whenFull])
      add(whenFull === 'keep' ? fields.handed : fields.published, published)
      add(fields.stored, whenFull === 'keep' ? cells(inHand) : fields.nothing)
      if (whenFull === 'block') {
        add(fields.blockedBy, blockedBy ?? fields.nothing, blockedBy === undefined ? undefined : 'fault')
        add(fields.blockedFor, time(blockedFor + (blockedBy === undefined ? 0 : Math.max(0, at - blockedSince))))
        add(fields.inHand, cells(inHand))
      }
      for (const [reader, count] of Object.entries(missed)) if (count > 0) add(`${fields.missed}, ${reader}`, count, 'lost')
      break
    }
    case 'sender':
      add(fields.rate, machine.rate)
      add(fields.sent, machine.sent)
      add(fields.waiting, machine.waiting, bad(machine.waiting, 'fault'))
      break
    case 'reader': {
      const { processMs, places, inbox, atWork, processed, dropped, forgotten } = machine
      const missed = broker?.role === 'broker' ? (broker.missed[key] ?? 0) : 0
      add(fields.processMs, time(processMs * 1_000))
      add(fields.inbox, `${inbox.length} / ${places}: ${cells(inbox)}`, inbox.length >= places ? 'fault' : undefined)
      add(fields.atWork, atWork === undefined ? fields.nothing : `#${atWork.number}`)
      add(fields.processed, processed, 'ok')
      add(fields.droppedFull, dropped, bad(dropped, 'lost'))
      if (forgotten > 0) add(fields.forgotten, forgotten, 'lost')
      if (missed > 0) add(fields.missed, missed, 'lost')
      break
    }
  }
  return { title: key, subtitle: fields.kinds(machine.role, kind), rows }
}
