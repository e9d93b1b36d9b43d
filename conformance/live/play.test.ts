import { expect, test } from 'vitest'
import { programOf } from '../../src/scenario/program.ts'
import type { Scenario, Step } from '../../src/scenario/types.ts'
import { LivePlay } from './play.ts'
import type { Stage } from './stage.ts'
import { emptyLive } from './testing.ts'

/** Half a second goes by with each look; during the first four somebody is starting. */
function stageOf(step: Step, fresh = (): Promise<void> => Promise.resolve()): Stage {
  const scenario: Scenario = { ...emptyLive.scenario, steps: [step] }
  let looks = 0
  const stage = {
    scenario, program: programOf(scenario), seen: emptyLive.seen, books: new Map(emptyLive.books), tallies: emptyLive.tallies,
    get now() { return looks * 500_000 },
    get isStarting() { return looks++ < 4 },
    nodeState: () => undefined, fresh, sound: () => { /* it is */ }, hold: () => { /* nobody tells */ }, release: () => { /* nobody has told */ },
  } satisfies Partial<Stage>
  return stage as unknown as Stage
}
async function markOf(run: Step['run']) {
  const live = new LivePlay(stageOf({ id: 'one', run } as Step), [1_000_000])
  await live.play(() => { /* nobody records */ }, () => { /* nobody listens */ })
  return live.marks[0]!
}

test.each([
  [{ for: '1s' }, true], [{ until: 'cluster.time >= 3000', max: '2s' }, true], [{ until: 'cluster.time >= 99999', max: '1s' }, false], [{ event: 'batch.appended' }, true],
] as const)('a step waits for whoever is starting, and the wait is not counted: %j', async (run, reached) => {
  const mark = await markOf(run as Step['run'])
  // The first look is at what has gone by since the step began: nothing.
  expect(mark).toMatchObject({ late: 1_500_000, reached })
  expect(mark.endAt! - mark.startAt - mark.late).toBeGreaterThanOrEqual(1_000_000)
})

/** An election is a thing of the cluster, an acknowledgement one of a client. */
test.each([
  ['the clients as they were, the cluster as it is seen since', { acked: 0, elected: 1 }],
  ['both as they are when all have been heard', { acked: 1, elected: 1 }],
  ['both as they were at once', { acked: 0, elected: 0 }],
])('what was so at the end: %s', async (_what, { acked, elected }) => {
  const { counts } = emptyLive.tallies
  const happens = (code: string): void => void counts.set(code, { count: 1, firstAt: 0, lastAt: 0 })
  const fresh = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 100))
    happens('leader.elected')
  }
  const isSo = (count: number): string => `event("record.acked").count == ${acked + count} and event("leader.elected").count == ${elected}`
  const stage = Object.assign(stageOf({ id: 'one', check: [{ atEnd: isSo(0) }, { atEnd: isSo(5) }] } as unknown as Step, fresh), { release: () => happens('record.acked') })
  const live = new LivePlay(stage, [0])
  await live.play(() => { /* nobody records */ }, () => { /* nobody listens */ })
  counts.clear()
  expect([...live.rows.values()].map(({ value }) => value)).toEqual([true, false])
})
