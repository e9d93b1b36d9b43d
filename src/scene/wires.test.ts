import { describe, expect, test } from 'vitest'
import type { ClusterView } from '../projection/cluster-view.ts'
import { ackedAndGone } from './fixtures/acked-and-gone.ts'
import { admin, byName } from './fixtures/build.ts'
import { poemLab } from './fixtures/poem-lab.ts'
import { sixBrokers } from './fixtures/six-brokers.ts'
import { bottomOf, rightOf } from './geometry.ts'
import { layoutStage } from './layout.ts'
import { defaultOptions, type StageFrame } from './layout-types.ts'
import { makeRoute, pathOf, placeAt, reversed, type Place, type Route } from './routes.ts'
import { wiresOf } from './wires.ts'

const frameOf = (
  fixture: { readonly exposures: readonly { readonly view: ClusterView }[] },
  focus: string,
  width = 904,
  height = 620,
): StageFrame => layoutStage(fixture.exposures[0]!.view, { width, height }, { ...defaultOptions, focus })
const three = frameOf(ackedAndGone, 'orders/0')
const six = frameOf(sixBrokers, 'orders/1', 1172, 690)
const lab = frameOf(poemLab, 'poem_4')

const endsOf = (route: Route | undefined): readonly number[] =>
  route === undefined ? [] : [route.xs[0]!, route.ys[0]!, route.xs.at(-1)!, route.ys.at(-1)!]

describe('a way through points', () => {
  const bent = makeRoute('a', 'b', [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
    { x: 100, y: 50 },
  ])
  test('rounds its corners with radius 9, and is shorter for it', () => {
    expect(bent.length).toBeGreaterThan(91 + 41 + 14)
    expect(bent.length).toBeLessThan(150)
    expect(bent.xs).toContain(91)
  })
  test('is measured: by its length one finds place and direction', () => {
    const spot: Place = { x: 0, y: 0, direction: 'up' }
    expect({ ...placeAt(bent, 0, spot) }).toEqual({ x: 0, y: 0, direction: 'right' })
    expect({ ...placeAt(bent, 40, spot) }).toEqual({ x: 40, y: 0, direction: 'right' })
    expect(placeAt(bent, bent.length, spot)).toMatchObject({ x: 100, y: 50, direction: 'down' })
    expect(placeAt(bent, bent.length + 9, spot)).toMatchObject({ x: 100, y: 50 })
  })
  test('backwards it is the same line', () => {
    const back = reversed(bent)
    const there: Place = { x: 0, y: 0, direction: 'up' },
      again: Place = { x: 0, y: 0, direction: 'up' }
    for (const share of [0, 0.2, 0.55, 0.9, 1]) {
      placeAt(bent, bent.length * share, there)
      placeAt(back, back.length * (1 - share), again)
      expect(again.x).toBeCloseTo(there.x)
      expect(again.y).toBeCloseTo(there.y)
    }
  })
  test('is path data for the page', () => {
    expect(
      pathOf(
        makeRoute('a', 'b', [
          { x: 0, y: 0 },
          { x: 10, y: 0 },
        ]),
      ),
    ).toBe('M0 0L10 0')
    expect(pathOf(bent, 20, 60)).toBe('M20 0L60 0')
  })
  test('short arms get smaller corners', () => {
    expect(
      makeRoute('a', 'b', [
        { x: 0, y: 0 },
        { x: 8, y: 0 },
        { x: 8, y: 40 },
      ]).xs[1],
    ).toBe(4)
  })
})

describe('writes enter on the left, reads leave on the right', () => {
  const wires = wiresOf(three)
  const [b1, b2, b3] = three.brokers
  test('a writer whose card is level with the broker has a straight wire, its answer another one below', () => {
    const ask = wires.route('shop', 'b1')!,
      answer = wires.route('b1', 'shop')!
    expect(new Set(ask.ys).size).toBe(1)
    expect(ask.xs.at(-1)).toBe(b1!.box.x)
    expect(answer.ys[0]! - ask.ys[0]!).toBeGreaterThanOrEqual(14)
    expect(ask.dot).toBe('start')
    expect(answer.dot).toBe('end')
  })
  test('below the card the wire leaves at its foot', () => {
    const card = three.producers[0]!.box
    const [x, y, endX, endY] = endsOf(wires.route('shop', 'b3'))
    expect(y).toBe(bottomOf(card))
    expect(x).toBeGreaterThan(card.x)
    expect(x).toBeLessThan(rightOf(card))
    expect([endX, endY! > b3!.box.y && endY! < bottomOf(b3!.box)]).toEqual([b3!.box.x, true])
  })
  test('readers leave level with the words over the log', () => {
    expect(endsOf(wires.route('c1', 'b1'))).toEqual([three.groups[0]!.box.x, b1!.box.y + 20, rightOf(b1!.box), b1!.box.y + 20])
  })
  test('followers fetch in loops on the right edge, request and answer on one line', () => {
    const loop = wires.route('b3', 'b1')!
    expect(endsOf(wires.route('b1', 'b3'))).toEqual([endsOf(loop)[2], endsOf(loop)[3], endsOf(loop)[0], endsOf(loop)[1]])
    expect(loop.xs[0]).toBe(rightOf(b3!.box))
    expect(Math.max(...loop.xs)).toBe(rightOf(b1!.box) + 48)
    expect(Math.max(...wires.route('b2', 'b1')!.xs)).toBe(rightOf(b2!.box) + 24)
  })
  test('nested loops do not cross', () => {
    const inner = wires.route('b1', 'b2')!,
      outer = wires.route('b1', 'b3')!
    expect(outer.ys[0]!).toBeLessThan(inner.ys[0]!)
    const up = wires.route('b3', 'b1')!,
      next = wires.route('b3', 'b2')!
    expect(up.ys[0]!).toBeGreaterThan(next.ys[0]!)
  })
  test('ports on one edge stand at least 14 apart; only readers may share one', () => {
    for (const frame of [three, six, lab]) {
      const each = wiresOf(frame)
      for (const broker of frame.brokers) {
        const portsTo = (names: readonly string[]) => names.flatMap((name) => each.route(broker.name, name)?.ys[0] ?? [])
        const loops = portsTo(frame.brokers.map((other) => other.name))
        const doors = new Set(portsTo(frame.groups.flatMap((group) => group.members.map((member) => member.name))))
        const ports = [...loops, ...doors].toSorted((x, y) => x - y)
        for (const [i, y] of ports.slice(1).entries()) expect(y - ports[i]!, `${broker.name} ${ports.join(' ')}`).toBeGreaterThanOrEqual(14)
      }
    }
  })
  test('controllers are reached from the left edge, from above', () => {
    const [x, , , y] = endsOf(wires.route('b2', 'k1'))
    expect([x, y]).toEqual([b2!.box.x, three.controllers[0]!.box.y])
    expect(endsOf(wires.route('k1', 'b2'))[2]).toBe(b2!.box.x)
  })
  test('between strangers there is no way', () => {
    expect(wires.route('shop', 'nobody')).toBeUndefined()
    expect(wires.route('b1', 'b1')).toBeUndefined()
    expect(wires.route('shop', 'c1')).toBeUndefined()
  })
})

test('with many brokers only replicas of the focus are joined by loops', () => {
  const wires = wiresOf(six)
  expect(wires.route('b4', 'b6')).toBeDefined()
  expect(wires.route('b1', 'b3')).toBeUndefined()
})

test('writers beside one tall machine each have their own straight wire', () => {
  const wires = wiresOf(lab)
  const ys = lab.producers.map((each) => wires.route(each.name, 'b1')!).map((route) => [new Set(route.ys).size, route.ys[0]!])
  expect(ys.map(([count]) => count)).toEqual([1, 1, 1])
  expect(new Set(ys.map(([, y]) => y)).size).toBe(3)
})

test('no wire leaves the stage', () => {
  for (const [frame, names] of [
    [three, ['shop', 'c1', 'b1', 'b2', 'b3', 'k1', 'k2', 'k3']],
    [lab, ['java1', 'java4', 'rdk4', 'b1', 'k1']],
    [six, ['shop', 'c1', 'c2', 'c3', 'b2', 'b4', 'b6', 'k1', 'k3']],
  ] as const) {
    const wires = wiresOf(frame)
    for (const from of names) {
      for (const to of names) {
        const route = wires.route(from, to)
        if (route === undefined) continue
        expect(Math.min(...route.xs)).toBeGreaterThanOrEqual(0)
        expect(Math.max(...route.xs)).toBeLessThanOrEqual(frame.size.width)
        expect(Math.max(...route.ys)).toBeLessThanOrEqual(frame.size.height)
      }
    }
  }
})

test('a request waits where its wire ends', () => {
  const wires = wiresOf(three)
  const dock = wires.dock('c1', 'b2')!
  const route = wires.route('c1', 'b2')!
  expect([dock.x, dock.y, dock.side]).toEqual([route.xs.at(-1), route.ys.at(-1), 'right'])
  expect(wires.dock('shop', 'b1')).toMatchObject({ x: three.brokers[0]!.box.x, side: 'left' })
  expect(wires.dock('b3', 'b1')).toMatchObject({ y: wires.route('b3', 'b1')!.ys.at(-1), side: 'right' })
})

test('an admin client has a way to every broker and back, and from there to the active controller', () => {
  const view = { ...ackedAndGone.exposures[0]!.view, admins: byName([admin()]) }
  const frame = layoutStage(view, { width: 904, height: 620 }, defaultOptions)
  const wires = wiresOf(frame)
  for (const { name } of frame.brokers) {
    expect(wires.route('admin', name)?.length).toBeGreaterThan(20)
    expect(wires.route(name, 'admin')?.length).toBeGreaterThan(20)
    expect(wires.dock('admin', name)?.side).toBe('left')
    expect(wires.route(name, 'k1')).toBeDefined()
  }
})
