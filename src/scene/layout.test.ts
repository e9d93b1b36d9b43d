import { describe, expect, test } from 'vitest'
import type { ClusterView } from '../projection/cluster-view.ts'
import { ackedAndGone } from './fixtures/acked-and-gone.ts'
import { admin, byName, emptyCluster, partition, replicas, broker } from './fixtures/build.ts'
import { calm } from './fixtures/calm.ts'
import { poemLab } from './fixtures/poem-lab.ts'
import { sixBrokers } from './fixtures/six-brokers.ts'
import { bottomOf, rightOf, type Box, type Size } from './geometry.ts'
import { layoutStage } from './layout.ts'
import { defaultOptions, type LayoutOptions, type StageFrame } from './layout-types.ts'

const viewOf = (fixture: { readonly exposures: readonly { readonly view: ClusterView }[] }): ClusterView =>
  fixture.exposures[fixture.exposures.length - 1]!.view
const lay = (view: ClusterView, width: number, height: number, options: Partial<LayoutOptions> = {}): StageFrame =>
  layoutStage(view, { width, height }, { ...defaultOptions, ...options })

const box = ({ x, y, w, h }: Box): string => `${x},${y} ${w}x${h}`
/** A layout as a table. */
function table(frame: StageFrame): string {
  return [
    `stage ${frame.size.width}x${frame.size.height} ${frame.variant}${frame.lane === 'brokers' ? '' : ` ${frame.lane}`}`,
    ...frame.producers.map((each) => `writer ${each.name} ${each.size} ${box(each.box)}`),
    ...frame.brokers.flatMap((each) => [
      `broker ${each.name} ${each.mode} ${each.style.name} ${box(each.box)}`,
      ...each.strips.map(
        (strip) => `  strip ${strip.partition} from ${strip.x0},${strip.y} ${strip.n} cells of ${strip.cw}x${strip.h}, r ${strip.record}`,
      ),
      ...(each.quiet.length === 0
        ? []
        : [`  quiet ${each.quiet.map((quiet) => quiet.partition).join(' ')}${each.more === undefined ? '' : ` +${each.more.count}`}`]),
    ]),
    ...frame.controllers.map((each) => `controller ${each.name}${each.active ? ' active' : ''} ${box(each.box)}`),
    ...(frame.metadata === undefined ? [] : [`metadata ${frame.metadata.cells} cells ${box(frame.metadata.box)}`]),
    ...frame.groups.map(
      (each) => `readers ${each.name} ${each.size} ${box(each.box)}: ${each.members.map((member) => member.name).join(' ')}`,
    ),
  ].join('\n')
}

describe('three brokers, one partition', () => {
  test('at 1440x900 the stage is 904 wide: writers, corridor, brokers, readers, controllers below', () => {
    expect(table(lay(viewOf(ackedAndGone), 904, 620, { focus: 'orders/0' }))).toMatchInlineSnapshot(`
      "stage 904x620 full
      writer shop full 20,68 145x268
      broker b1 open roomy 229,68 436x116
        strip orders/0 from 289,118 9 cells of 37.5x46, r 12
      broker b2 open roomy 229,220 436x116
        strip orders/0 from 289,270 9 cells of 37.5x46, r 12
      broker b3 open roomy 229,372 436x116
        strip orders/0 from 289,422 9 cells of 37.5x46, r 12
      controller k1 active 229,554 106x46
      controller k2 341,554 56x46
      controller k3 403,554 56x46
      metadata 2 cells 473,554 411x46
      readers reader full 739,68 145x268: c1"
    `)
  })
  test('at 1366x768 rows are lower, cells narrower, and nothing is left out', () => {
    expect(table(lay(viewOf(ackedAndGone), 830, 520, { focus: 'orders/0' }))).toMatchInlineSnapshot(`
      "stage 830x520 full
      writer shop full 16,68 133x260
      broker b1 open snug 207,68 400x102
        strip orders/0 from 267,110 8 cells of 38x42, r 12
      broker b2 open snug 207,186 400x102
        strip orders/0 from 267,228 8 cells of 38x42, r 12
      broker b3 open snug 207,304 400x102
        strip orders/0 from 267,346 8 cells of 38x42, r 12
      controller k1 active 207,460 106x46
      controller k2 319,460 56x46
      controller k3 381,460 56x46
      metadata 2 cells 451,460 363x46
      readers reader full 681,68 133x264: c1"
    `)
  })
  test('on the first page controllers stay away and cells are as wide as they get', () => {
    expect(table(lay(viewOf(calm(41, 2)), 1200, 470, { variant: 'home' }))).toMatchInlineSnapshot(`
      "stage 1200x470 home
      writer shop small 0,74 124x108
      broker b1 open home 212,74 752x108
        strip orders/0 from 286,97 9 cells of 58.5x62, r 16
      broker b2 open home 212,212 752x108
        strip orders/0 from 286,235 9 cells of 58.5x62, r 16
      broker b3 open home 212,350 752x108
        strip orders/0 from 286,373 9 cells of 58.5x62, r 16
      readers reader small 1064,74 136x108: c1"
    `)
  })
  test('on a phone one lane is shown at a time', () => {
    expect(table(lay(viewOf(ackedAndGone), 390, 360, { lane: 'brokers' }))).toMatchInlineSnapshot(`
      "stage 390x360 phone
      broker b1 open phone 16,54 310x64
        strip orders/0 from 60,76 7 cells of 37x40, r 12
      broker b2 open phone 16,144 310x64
        strip orders/0 from 60,166 7 cells of 37x40, r 12
      broker b3 open phone 16,234 310x64
        strip orders/0 from 60,256 7 cells of 37x40, r 12"
    `)
    expect(table(lay(viewOf(ackedAndGone), 390, 360, { lane: 'producers' }))).toMatchInlineSnapshot(`
      "stage 390x360 phone producers
      writer shop full 16,10 202x260
      broker b1 plain phone 290,10 84x44
      broker b2 plain phone 290,106 84x44
      broker b3 plain phone 290,202 84x44"
    `)
    expect(table(lay(viewOf(ackedAndGone), 390, 360, { lane: 'consumers' }))).toMatchInlineSnapshot(`
      "stage 390x360 phone consumers
      broker b1 plain phone 16,10 84x44
      broker b2 plain phone 16,106 84x44
      broker b3 plain phone 16,202 84x44
      readers reader full 172,10 202x264: c1"
    `)
  })
})

describe('several partitions', () => {
  test('the poem lab shows every log of its one broker, focus or not', () => {
    expect(table(lay(viewOf(poemLab), 904, 620, { focus: 'poem_4' }))).toMatchInlineSnapshot(`
      "stage 904x620 full
      writer java1 small 20,68 145x74
      writer java4 small 20,162 145x74
      writer rdk4 small 20,256 145x74
      broker b1 many roomy 229,68 655x436
        strip poem_1/0 from 363,102 10 cells of 41.5x34, r 11.5
        strip poem_4/0 from 363,146 10 cells of 41.5x34, r 11.5
        strip poem_4/1 from 363,190 10 cells of 41.5x34, r 11.5
        strip poem_4/2 from 363,234 10 cells of 41.5x34, r 11.5
        strip poem_4/3 from 363,278 10 cells of 41.5x34, r 11.5
        strip poem_4_rdk/0 from 363,322 10 cells of 41.5x34, r 11.5
        strip poem_4_rdk/1 from 363,366 10 cells of 41.5x34, r 11.5
        strip poem_4_rdk/2 from 363,410 10 cells of 41.5x34, r 11.5
        strip poem_4_rdk/3 from 363,454 10 cells of 41.5x34, r 11.5
      controller k1 active 229,560 106x46
      metadata 3 cells 349,560 535x46"
    `)
  })
  test('with less room the logs of the topic in focus remain', () => {
    const frame = lay(viewOf(poemLab), 830, 400, { focus: 'poem_4' })
    expect(frame.brokers[0]!.strips.map((each) => each.partition)).toEqual(['poem_4/0', 'poem_4/1', 'poem_4/2', 'poem_4/3'])
    expect(frame.brokers[0]!.quiet.length + (frame.brokers[0]!.more?.count ?? 0)).toBe(5)
  })
  test('six brokers: those with a replica of the focus are open, the others one line', () => {
    expect(table(lay(viewOf(sixBrokers), 1172, 690, { focus: 'orders/1' }))).toMatchInlineSnapshot(`
      "stage 1172x690 full
      writer shop full 20,68 160x260
      broker b1 closed compact 244,68 664x42
        quiet orders/0 orders/2 payments/1
      broker b2 open compact 244,120 664x116
        strip orders/1 from 304,149 12 cells of 47x40, r 12
        quiet payments/0
      broker b3 closed compact 244,246 664x42
        quiet orders/0 orders/2 payments/1
      broker b4 open compact 244,298 664x116
        strip orders/1 from 304,327 12 cells of 47x40, r 12
        quiet payments/0
      broker b5 closed compact 244,424 664x42
        quiet orders/0 orders/2 payments/1
      broker b6 open compact 244,476 664x116
        strip orders/1 from 304,505 12 cells of 47x40, r 12
        quiet payments/0
      controller k1 active 244,630 106x46
      controller k2 356,630 56x46
      controller k3 418,630 56x46
      metadata 3 cells 488,630 664x46
      readers billing full 982,68 170x520: c1 c2 c3"
    `)
  })
  test('a partition in focus asks for one log a broker, its topic for all', () => {
    const names = ['b1', 'b2', 'b3']
    const view: ClusterView = {
      ...emptyCluster,
      brokers: byName([1, 2, 3].map((n) => broker(n))),
      partitions: byName(['orders/0', 'orders/1'].map((name) => partition(name, names))),
      replicas: byName(['orders/0', 'orders/1'].flatMap((name) => replicas(name, names, []))),
    }
    const strips = (focus: string | undefined): string[][] =>
      lay(view, 904, 640, { focus }).brokers.map((each) => each.strips.map((strip) => strip.partition))
    expect(strips('orders/1')).toEqual([['orders/1'], ['orders/1'], ['orders/1']])
    expect(strips('orders')).toEqual([
      ['orders/0', 'orders/1'],
      ['orders/0', 'orders/1'],
      ['orders/0', 'orders/1'],
    ])
    expect(strips(undefined)).toEqual(strips('orders'))
  })
  test('internal topics have no log on the stage', () => {
    const frame = lay(viewOf(sixBrokers), 1172, 690, { focus: 'orders/1' })
    expect([...frame.structure.topic, ...frame.structure.others]).not.toContain('__consumer_offsets/0')
  })
})

const sizes: Size[] = [
  { width: 340, height: 500 },
  { width: 390, height: 360 },
  { width: 704, height: 480 },
  { width: 830, height: 520 },
  { width: 904, height: 620 },
  { width: 904, height: 380 },
  { width: 1384, height: 870 },
]
const fixtures = {
  calm: [calm(41, 2), 'orders/0'],
  gone: [ackedAndGone, 'orders/0'],
  poem: [poemLab, 'poem_4'],
  six: [sixBrokers, 'orders/1'],
} as const

describe.each(Object.keys(fixtures) as (keyof typeof fixtures)[])('%s, at any size', (name) => {
  const [fixture, focus] = fixtures[name]
  test.each(sizes)('nothing overlaps and nothing leaves the stage at $width x $height', ({ width, height }) => {
    const frame = lay(viewOf(fixture), width, height, { focus })
    const boxes = [
      ...frame.producers.map((each) => each.box),
      ...frame.brokers.map((each) => each.box),
      ...frame.controllers.map((each) => each.box),
      ...frame.groups.map((each) => each.box),
      ...(frame.metadata === undefined ? [] : [frame.metadata.box]),
    ]
    for (const [i, a] of boxes.entries()) {
      expect(a.x).toBeGreaterThanOrEqual(0)
      expect(rightOf(a)).toBeLessThanOrEqual(width)
      expect(bottomOf(a)).toBeLessThanOrEqual(frame.size.height)
      for (const b of boxes.slice(i + 1))
        expect(a.x >= rightOf(b) || b.x >= rightOf(a) || a.y >= bottomOf(b) || b.y >= bottomOf(a), `${box(a)} and ${box(b)}`).toBe(true)
    }
  })
  test.each(sizes)('cells stay in their machine and are wide enough for a record at $width x $height', ({ width, height }) => {
    for (const row of lay(viewOf(fixture), width, height, { focus }).brokers) {
      for (const strip of row.strips) {
        expect(strip.cw).toBeGreaterThanOrEqual(28)
        expect(strip.cw).toBeLessThanOrEqual(62)
        expect(strip.record * 2).toBeLessThan(strip.cw)
        expect(strip.x0 + strip.n * strip.cw).toBeLessThanOrEqual(rightOf(row.box))
        expect(strip.y + strip.h).toBeLessThanOrEqual(bottomOf(row.box))
      }
    }
  })
  test('the same view gives the same layout', () => {
    expect(lay(viewOf(fixture), 904, 620, { focus })).toEqual(lay(structuredClone(viewOf(fixture)), 904, 620, { focus }))
  })
})

test('an empty cluster has a stage too', () => {
  expect(table(lay(emptyCluster, 904, 620))).toBe('stage 904x620 full')
})

describe('an admin client', () => {
  const called = { ...viewOf(ackedAndGone), admins: byName([admin()]) }
  test('stands below the producers, and tells all it knows where the producer keeps its size', () => {
    const { producers, admins, controllerLabel } = lay(called, 904, 620, { focus: 'orders/0' })
    expect(producers[0]!.size).toBe('full')
    expect(admins).toMatchObject([{ name: 'admin', size: 'full' }])
    expect(admins[0]!.box.y).toBeGreaterThanOrEqual(bottomOf(producers[0]!.box) + 14)
    expect(bottomOf(admins[0]!.box)).toBeLessThan(controllerLabel!.y - 8)
  })
  test('takes a line where room is short, and never makes the stage scroll that did not', () => {
    const { producers, admins, size } = lay(called, 700, 400, { focus: 'orders/0' })
    expect(admins[0]!.size).toBe('small')
    expect(admins[0]!.box.y).toBeGreaterThanOrEqual(bottomOf(producers[0]!.box) + 14)
    expect(size.height).toBe(lay(viewOf(ackedAndGone), 700, 400, { focus: 'orders/0' }).size.height)
  })
  test('has the writers’ column for itself where nobody writes', () => {
    const { admins, brokers } = lay({ ...called, producers: {} }, 904, 620, { focus: 'orders/0' })
    expect(rightOf(admins[0]!.box)).toBeLessThan(brokers[0]!.box.x)
  })
  test('is not on the first page', () => expect(lay(called, 900, 480, { variant: 'home' }).admins).toEqual([]))
})
