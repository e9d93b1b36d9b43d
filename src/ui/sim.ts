/** What a scenario says about the player: where it opens, and how fast it plays. */
import type { Micros } from '../base/units.ts'
import type { Scenario, Step } from '../scenario/types.ts'
import type { PaceSetting } from './player.ts'

const units: Readonly<Record<string, number>> = { ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000, d: 86_400_000_000 }

/** `4.318s` in microseconds. */
export function durationOf(text: string | undefined): Micros | undefined {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text ?? '')
  return parts === null ? undefined : Math.round(Number(parts[1]) * units[parts[2]!]!)
}

/** `smart`, or `true x0.005`. */
export function paceOf(scenario: Scenario | undefined): PaceSetting {
  const factor = /^true\s*x\s*(\d+(?:\.\d+)?)$/.exec(scenario?.sim?.pace ?? '')
  return factor === null ? { kind: 'smart', speed: 1 } : { kind: 'true', speed: Number(factor[1]) }
}

/** The place a step looks at: `partition(orders/0)` and `topic(poem_4)` are places of the stage, the rest is lit on it. */
export function focusOf(step: Step | undefined): string | undefined {
  for (const each of step?.focus ?? []) {
    const place = /^(?:partition|topic|replica)\(["']?([^"')@]+)/.exec(each)
    if (place !== null) return place[1]
  }
  return undefined
}

/** What `ask` of a step says, if the learner is to act in it. */
export const askOf = (step: Step | undefined) => step?.do?.find((action) => action.ask !== undefined)?.ask
