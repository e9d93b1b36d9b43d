/** The thread of the engine: glue between messages and the session. */
import { SECOND } from '../base/units.ts'
import { isPlain } from '../scenario/plain.ts'
import type { Command, Reply } from './protocol.ts'
import { transferables } from './recorder.ts'
import { Session } from './session.ts'

const session = new Session()
const waiting: Command[] = []
let running = false

self.onmessage = ({ data }: MessageEvent<Command>) => {
  waiting.push(data)
  if (!running) work().catch((error: unknown) => post({ type: 'failed', message: error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error) }))
}

type Look = Extract<Command, { do: 'look' }>
/** What is needed to read a disk is fetched by whoever looks first. */
async function look({ number, at, ask }: Look): Promise<void> {
  const { lookFor } = await import('../projection/disk.ts')
  post({ type: 'looked', number, found: session.visit(at, (world, hues) => lookFor(world, ask, hues)) })
}

/** One command after the other; between two frames newer commands are heard, and one that changes the moment ends an `advance`. */
async function work(): Promise<void> {
  running = true
  for (let command = waiting.shift(); command !== undefined; command = waiting.shift()) {
    if (command.do === 'look') {
      await look(command)
      continue
    }
    if (asksForWhole(command)) await whole()
    if (command.do === 'load' && !isFirstPage(command)) await loadRest()
    for (const reply of session.handle(command)) {
      post(reply)
      if (reply.type === 'frame' && reply.to >= SETTLED) void loadRest()
      await breath()
      // A look does not change where the run stands: it goes between two frames.
      while (waiting[0]?.do === 'look') await look(waiting.shift() as Look)
      if (command.do === 'advance' && waiting.length > 0) break
    }
  }
  running = false
}

/** The parts of the model that a plain cluster does without. */
const whole = (): Promise<unknown> => import('./whole.ts')
/** Who acts may do anything. */
const asksForWhole = (command: Command): boolean =>
  command.do === 'intervene' || (command.do === 'load' && (command.journal.length > 0 || !isPlain(command.scenario)))

/** Nothing on the way to the first moving picture waits for the rest; until it is there nobody looks whether promises are kept. */
const isFirstPage = ({ scenario }: Extract<Command, { do: 'load' }>): boolean => scenario.kind === 'sandbox' && isPlain(scenario)
const SETTLED = 8 * SECOND
let rest: Promise<unknown> | undefined
const loadRest = (): Promise<unknown> => (rest ??= Promise.all([
  whole(), import('../projection/checker.ts').then(({ Checker }) => session.check(() => new Checker())),
]))

const post = (reply: Reply): void => self.postMessage(reply, { transfer: reply.type === 'frame' ? transferables(reply) : [] })

/** Messages that have arrived are delivered before this goes on. */
const channel = new MessageChannel()
const breath = (): Promise<void> => new Promise((resolve) => {
  channel.port1.onmessage = () => resolve()
  channel.port2.postMessage(undefined)
})
