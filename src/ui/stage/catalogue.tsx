/** The stage without an engine, for looking at it beside the plates. Development only: catalogue.html shows it. */
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { Film } from '../../bridge/film.ts'
import type { SpanTable } from '../../bridge/protocol.ts'
import type { ClusterView, TableName } from '../../projection/cluster-view.ts'
import type { Patch } from '../../projection/patch.ts'
import type { Span } from '../../projection/span-detail.ts'
import { ackedAndGone } from '../../scene/fixtures/acked-and-gone.ts'
import type { Fixture } from '../../scene/fixtures/build.ts'
import { busy } from '../../scene/fixtures/busy.ts'
import { calm } from '../../scene/fixtures/calm.ts'
import { disks } from '../../scene/fixtures/disks.ts'
import { poemLab } from '../../scene/fixtures/poem-lab.ts'
import { reconciling } from '../../scene/fixtures/reconciling.ts'
import { sixBrokers } from '../../scene/fixtures/six-brokers.ts'
import { troubles } from '../../scene/fixtures/troubles.ts'
import type { Lane, Variant } from '../../scene/layout-types.ts'
import type { Clock } from '../clock.ts'
import type { Selection } from '../selection.ts'
import { StageLegend } from './legend.tsx'
import { Stage } from './stage.tsx'
import '../theme.css'
import '../fonts-ko.css'

const fixtures: Readonly<Record<string, () => Fixture>> = {
  calm: () => calm(),
  gone: () => ackedAndGone,
  poem: () => poemLab,
  six: () => sixBrokers,
  troubles: () => troubles,
  disks: () => disks,
  reconciling: () => reconciling,
  busy: () => busy(500),
}
export const catalogueNames = Object.keys(fixtures)

/** Frames as a worker would post them. */
function filmOf(fixture: Fixture): Film {
  const film = new Film()
  const [first, ...rest] = fixture.exposures
  film.accept({
    type: 'frame',
    generation: 1,
    from: first!.at,
    to: fixture.to,
    base: first!.view,
    spans: tableOf(fixture),
    amended: [],
    storyFrom: 0,
    story: fixture.story,
    steps: [],
    horizon: fixture.to,
    patches: rest.map(({ at, step, view }, i) => ({ at, step, patch: patchBetween(fixture.exposures[i]!.view, view) })),
    wholeFrom: 0,
    broken: [],
    scenarioEndsAt: undefined,
    stepsDone: 0,
    hash: '',
    moments: new Float64Array(),
    journal: [],
    canUndo: false,
    canRedo: false,
    showAt: undefined,
  })
  return film
}

function patchBetween(before: ClusterView, after: ClusterView): Patch {
  const tables = Object.keys(after) as TableName[]
  return {
    set: Object.fromEntries(tables.filter((each) => before[each] !== after[each]).map((each) => [each, after[each]])),
    remove: Object.fromEntries(tables.map((each) => [each, Object.keys(before[each]).filter((key) => !(key in after[each]))])),
  }
}

function tableOf(fixture: Fixture): SpanTable {
  const spans = fixture.spans.toSorted((a, b) => a.sentAt - b.sentAt)
  const names = [...new Set(spans.flatMap((each) => [each.from, each.to, each.traffic, each.connection]))]
  const numbers = (of: (span: Span) => number): Float64Array<ArrayBuffer> => Float64Array.from(spans.map(of))
  const indices = (of: (span: Span) => string): Uint16Array<ArrayBuffer> => Uint16Array.from(spans.map((each) => names.indexOf(of(each))))
  return {
    length: spans.length,
    names,
    details: spans.map((each) => each.detail),
    fate: Uint8Array.from(spans.map((each) => ['arrives', 'held', 'lost'].indexOf(each.fate))),
    id: numbers((each) => each.id),
    step: numbers((each) => each.step),
    sentAt: numbers((each) => each.sentAt),
    arrivesAt: numbers((each) => each.arrivesAt),
    from: indices((each) => each.from),
    to: indices((each) => each.to),
    traffic: indices((each) => each.traffic),
    connection: indices((each) => each.connection),
  }
}

class CatalogueClock implements Clock {
  at: number
  playing = false
  readonly #draws = new Set<(at: number) => void>()
  readonly #changed = new Set<() => void>()
  constructor(at: number) {
    this.at = at
  }
  onFrame(draw: (at: number) => void): () => void {
    this.#draws.add(draw)
    return () => this.#draws.delete(draw)
  }
  subscribe(changed: () => void): () => void {
    this.#changed.add(changed)
    return () => this.#changed.delete(changed)
  }
  show(at: number, playing: boolean): void {
    this.at = at
    this.playing = playing
    for (const draw of this.#draws) draw(at)
    for (const changed of this.#changed) changed()
  }
}

export function Catalogue({ query }: { readonly query: URLSearchParams }): ReactNode {
  const name = query.get('fixture') ?? 'calm'
  const fixture = useMemo(() => (fixtures[name] ?? fixtures['calm']!)(), [name])
  const film = useMemo(() => filmOf(fixture), [fixture])
  const clock = useMemo(() => new CatalogueClock(Number(query.get('at') ?? fixture.at)), [fixture, query])
  const [selection, setSelection] = useState<Selection>()
  const [followed, setFollowed] = useState<string | undefined>(query.get('follow') ?? undefined)
  const slowness = Number(query.get('slow') ?? 0)
  useEffect(() => {
    Object.assign(globalThis, { catalogue: { clock, fixture } })
    if (slowness === 0) return
    let last: number | undefined
    let handle = 0
    const tick = (now: number): void => {
      const at = clock.at + ((now - (last ?? now)) * 1_000) / slowness
      last = now
      clock.show(at > fixture.to ? fixture.from : at, true)
      handle = requestAnimationFrame(tick)
    }
    handle = requestAnimationFrame(tick)
    return () => cancelAnimationFrame(handle)
  }, [clock, fixture, slowness])
  const since = useMemo(() => {
    const slow = Number(query.get('slow') ?? query.get('still') ?? 0)
    return (at: number): number => (slow === 0 ? (at <= clock.at ? Infinity : -Infinity) : ((clock.at - at) / 1_000) * slow)
  }, [query, clock])
  const language = query.get('lang') === 'ko' ? 'ko' : 'en'
  return (
    <>
      <Stage
        film={film}
        clock={clock}
        selection={selection}
        onSelect={setSelection}
        followed={followed}
        onFollow={setFollowed}
        focus={query.get('focus') ?? fixture.focus}
        onFaults={(node) => console.info('faults of', node)}
        onKill={(node) => console.info('kill', node)}
        onRestart={(node) => console.info('restart', node)}
        language={language}
        variant={(query.get('variant') ?? 'full') as Variant}
        lane={(query.get('lane') ?? 'brokers') as Lane}
        screenSince={since}
      />
      {query.has('legend') && <StageLegend language={language} />}
    </>
  )
}
