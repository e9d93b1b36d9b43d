import { describe, expect, test } from 'vitest'
import { Film, type Exposure } from '../../bridge/film.ts'
import type { LedgerView } from '../../projection/cluster-view.ts'
import { applyPatch } from '../../projection/patch.ts'
import { fakeBase } from '../fixtures/fake-run.ts'
import { lampAt, litSince } from './lamp-model.ts'

const ms = 1_000
const s = 1_000_000
function filmOf(changes: readonly (readonly [at: number, ledger: Partial<LedgerView>])[]): Film {
  const film = new Film()
  film.to = 60 * s
  const exposures: Exposure[] = [{ at: 0, step: 0, view: fakeBase, ledger: fakeBase.ledger.all }]
  for (const [at, change] of changes) {
    const last = exposures[exposures.length - 1]!
    const ledger = { ...last.ledger, ...change }
    exposures.push({ at, step: 0, view: applyPatch(last.view, { set: { ledger: { all: ledger } }, remove: {} }), ledger })
  }
  film.exposures = exposures
  return film
}

describe('lamps', () => {
  test('light when there is something, and know since when', () => {
    const film = filmOf([
      [2 * s, { underReplicated: 1 }],
      [3 * s, { underReplicated: 2 }],
      [9 * s, { underReplicated: 0 }],
    ])
    expect([1, 2, 5, 9].map((at) => lampAt(film, at * s, 'underReplicated'))).toEqual([0, 1, 2, 0])
    expect(litSince(film, 5 * s, 'underReplicated')).toBe(2 * s)
    expect(litSince(film, 9 * s, 'underReplicated')).toBeUndefined()
  })
  test('a record that is invisible for a moment is no news; for more than a second it is', () => {
    const film = filmOf([
      [2 * s, { ackedInvisible: 1 }],
      [2 * s + 400 * ms, { acked: 3 }],
    ])
    expect(lampAt(film, 2 * s + 900 * ms, 'invisible')).toBe(0)
    expect(lampAt(film, 3 * s, 'invisible')).toBe(1)
    expect(lampAt(film, 8 * s, 'invisible')).toBe(1)
  })
  test('many short moments in a row are none', () => {
    const film = filmOf(Array.from({ length: 40 }, (_, i) => [i * 100 * ms, { ackedInvisible: i % 2 }] as const))
    expect(lampAt(film, 3 * s + 50 * ms, 'invisible')).toBe(0)
  })
})
