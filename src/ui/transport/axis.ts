/**
 * The timeline's axis: screen time, so that what is slow to watch is long to see. The steps still to come have a place of
 * their own at its right end, of which nothing is known but their number.
 */
import { useMemo } from 'react'
import type { Micros } from '../../base/units.ts'
import type { Player } from '../player.ts'
import { useMoment, usePlan, useRun } from '../run.tsx'
import { markOf, veilAt, type Plan } from '../steps.ts'
import { axisEnd } from './track.ts'

export interface Axis {
  readonly width: number
  /** Where the known part ends, in pixels. */
  readonly knownTo: number
  /** Steps of which only the number is known, each with its stretch. */
  readonly toCome: readonly { readonly index: number; readonly from: number; readonly to: number; readonly isHidden: boolean }[]
  readonly xOf: (at: Micros) => number
  readonly runAt: (x: number) => Micros
}

const shareOfStep = 0.075
const mostToCome = 0.42

export function makeAxis(player: Pick<Player, 'map' | 'seenTo'>, plan: Plan, entered: number, width: number): Axis {
  const veil = veilAt(plan)
  const lastShown = Math.max(
    entered,
    ...plan.marks.filter((mark) => mark.startAt < player.seenTo && !plan.isHidden(mark.index)).map((mark) => mark.index),
  )
  const rest = plan.count === 0 ? 0 : plan.count - 1 - lastShown
  const endOfStep = markOf(plan, lastShown)?.endAt
  const known = Math.min(veil ?? Infinity, Math.max(player.seenTo, endOfStep ?? 0))
  // Beyond the end of what is known to come the axis grows in steps: marks that creep cannot be read.
  const isOpen = endOfStep === undefined || player.seenTo > endOfStep
  const needed = isOpen
    ? axisEnd(player.map.screenOf(player.seenTo) + (endOfStep === undefined ? 6_000 : 500))
    : Math.max(1_000, player.map.screenOf(known))
  const share = Math.min(mostToCome, rest * shareOfStep)
  const knownTo = width * (1 - share)
  const each = rest === 0 ? 0 : (width - knownTo) / rest
  const toCome = Array.from({ length: rest }, (_, i) => {
    const index = lastShown + 1 + i
    const isHidden = Array.from({ length: i + 1 }, (__, j) => plan.isHidden(lastShown + 1 + j)).some(Boolean)
    return { index, from: knownTo + i * each, to: knownTo + (i + 1) * each, isHidden }
  })
  return {
    width,
    knownTo,
    toCome,
    xOf: (at) => Math.max(0, Math.min(knownTo, (player.map.screenOf(at) / needed) * knownTo)),
    runAt: (x) => player.map.runOf((Math.max(0, Math.min(knownTo, x)) / knownTo) * needed),
  }
}

export function useAxis(width: number): Axis {
  const { player } = useRun()
  const plan = usePlan()
  const { entered, revision, at } = useMoment()
  const { seenTo } = player
  // `at` stands for what the map and the plan have learnt meanwhile.
  // eslint-disable-next-line react/exhaustive-deps
  return useMemo(() => makeAxis(player, plan, entered, width), [player, entered, width, seenTo, revision, at, plan.marks])
}
