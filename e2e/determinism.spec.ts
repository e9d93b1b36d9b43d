import { readFileSync } from 'node:fs'
import '../src/scenario/whole.ts'
import { printed } from '../src/base/hash.ts'
import { parseScenario } from '../src/scenario/parse.ts'
import { newRun, playMachine } from '../src/scenario/play.ts'
import { expect, film, filmed, test } from './fixtures.ts'

for (const id of ['failover', 'acked-and-gone', 'poem-lab', 'how-a-record-commits']) {
  test(`${id}: the same run in Node and in the browser's worker`, async ({ page }) => {
    await page.goto(`./#s=${id}`)
    await filmed(page, 500_000)
    await page.evaluate(() => window.partitura.clock.pause())
    await film(page, 20_000_000)
    const { hash, stepsDone } = await page.evaluate(() => ({ hash: window.partitura.film.hash, stepsDone: window.partitura.film.stepsDone }))
    expect(stepsDone).toBeGreaterThan(100)

    const file = `scenarios/lessons/${id}.yaml`
    const { scenario } = parseScenario(readFileSync(file, 'utf8'))
    const run = newRun(scenario!)
    const machine = playMachine(scenario!)
    while (run.world.steps < stepsDone) machine.step(run)
    expect(run.world.steps).toBe(stepsDone)
    expect(printed(run.world.hash)).toBe(hash)
  })
}
