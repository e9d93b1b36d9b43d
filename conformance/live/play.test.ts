import { expect, test } from 'vitest'
import { programOf } from '../../src/scenario/program.ts'
import type { Scenario, Step } from '../../src/scenario/types.ts'
import { LivePlay } from './play.ts'
import type { Stage } from './stage.ts'
import { emptyLive } from './testing.ts'

/** Half a second goes by with each look; during the first four somebody is starting. */
function stageOf(step: Step): Stage {
  const scenario: Scenario = { ...emptyLive.scenario, steps: [step] }
  let looks = 0
  const stage = {
    scenario, program: programOf(scenario), seen: emptyLive.seen, books: new Map(emptyLive.books), tallies: emptyLive.tallies,
    get now() { return looks * 500_000 },
    get isStarting() { return looks++ < 4 },
    nodeState: () => undefined, fresh: () => Promise.resolve(), sound: () => { /* it is */ },
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
