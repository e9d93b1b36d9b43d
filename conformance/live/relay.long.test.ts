import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nextTry, Relay, type Barrier, type Link } from './relay.ts'

const host = '127.0.0.1'
/** What one side has heard so far, and how its connection has ended. */
interface End { readonly socket: Socket; readonly heard: string[]; ended: 'end' | 'reset' | undefined }
function endOf(socket: Socket): End {
  const end: End = { socket, heard: [], ended: undefined }
  socket.on('data', (chunk: Buffer) => end.heard.push(chunk.toString()))
  socket.on('end', () => (end.ended ??= 'end'))
  socket.on('error', () => (end.ended ??= 'reset'))
  return end
}

describe('links that lead through a relay', () => {
  let barriers: Map<string, Barrier>
  let relay: Relay
  let service: Server
  let called: End[]
  let doors: Map<string, number>
  const barrierOf = ({ from, to, port }: Link): Barrier => barriers.get(`${from} ${to} ${port}`) ?? barriers.get(`${from} ${to}`)
  const bar = (link: string, barrier: Barrier): void => {
    barriers.set(link, barrier)
    relay.changed()
  }

  beforeEach(async () => {
    barriers = new Map()
    called = []
    service = createServer({ allowHalfOpen: true }, (socket) => called.push(endOf(socket)))
    service.listen(0, host)
    await once(service, 'listening')
    const there = { host, port: (service.address() as AddressInfo).port }
    relay = new Relay(barrierOf)
    doors = new Map()
    for (const from of ['a', 'c']) doors.set(from, await relay.listen({ from, to: 'b', port: 9092 }, { host, port: 0 }, there))
  })
  afterEach(async () => {
    await relay.close()
    for (const { socket } of called) socket.destroy()
    await new Promise((resolve) => service.close(resolve))
  })

  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const call = (from: string): End => endOf(connect({ host, port: doors.get(from)!, allowHalfOpen: true }))
  const talk = async (from: string): Promise<readonly [End, End]> => {
    const caller = call(from)
    const before = called.length
    caller.socket.write('hello ')
    await until(() => called.length > before && called.at(-1)!.heard.join('') === 'hello ')
    return [caller, called.at(-1)!]
  }
  /** Somebody else has been there and back: what was on its way has come too, if it could. */
  const aWhile = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) {
      const [caller, callee] = await talk('c')
      callee.socket.write('back')
      await until(() => caller.heard.length > 0)
      for (const { socket } of [caller, callee]) socket.destroy()
    }
  }

  test('what is said comes through, both ways, and how it ends', async () => {
    const [caller, callee] = await talk('a')
    callee.socket.write('and you')
    await until(() => caller.heard.join('') === 'and you')
    caller.socket.end('bye')
    await until(() => callee.ended === 'end')
    expect(callee.heard.join('')).toBe('hello bye')
    callee.socket.end('late')
    await until(() => caller.ended === 'end')
    expect(caller.heard.join('')).toBe('and youlate')
  })

  test('more than anybody has room for is waited with, and comes whole', async () => {
    const [caller, callee] = await talk('a')
    const much = Buffer.alloc(20_000_000, 'x')
    callee.socket.pause()
    caller.socket.end(much)
    await aWhile()
    callee.socket.resume()
    await until(() => callee.ended === 'end')
    expect(callee.heard.join('').length).toBe(much.length + 'hello '.length)
  })

  test('a cut is silence in its direction alone; after the heal nothing is missing', async () => {
    const [caller, callee] = await talk('a')
    bar('a b', 'silent')
    caller.socket.write('into the cut, ')
    callee.socket.write('the other way')
    await until(() => caller.heard.join('') === 'the other way')
    await aWhile()
    caller.socket.write('and again')
    expect(callee).toMatchObject({ heard: ['hello '], ended: undefined })
    bar('a b', undefined)
    await until(() => callee.heard.join('') === 'hello into the cut, and again')
    expect(caller.ended).toBeUndefined()
  })

  test('a process that dies behind a cut is not heard of before the heal', async () => {
    const [caller, callee] = await talk('a')
    bar('b a', 'silent')
    callee.socket.resetAndDestroy()
    await aWhile()
    expect(caller.ended).toBeUndefined()
    bar('b a', undefined)
    await until(() => caller.ended === 'reset')
  })

  test('cut again before the next try, it stays silent', async () => {
    const [caller, callee] = await talk('a')
    bar('a b', 'silent')
    caller.socket.write('kept')
    await aWhile()
    bar('a b', undefined)
    bar('a b', 'silent')
    await aWhile()
    expect(callee.heard).toEqual(['hello '])
    bar('a b', undefined)
    await until(() => callee.heard.join('') === 'hello kept')
  })

  test.each(['a b', 'b a'])('who opens a connection while %s is cut is not refused, and not heard either', async (link) => {
    bar(link, 'silent')
    const caller = call('a')
    caller.socket.write('is anybody there?')
    await once(caller.socket, 'connect')
    await aWhile()
    expect(called.some(({ heard }) => heard.includes('is anybody there?'))).toBe(false)
    expect(caller).toMatchObject({ heard: [], ended: undefined })
    bar(link, undefined)
    await until(() => called.at(-1)?.heard.join('') === 'is anybody there?')
  })

  test('a cut of one kind of traffic goes by the port of the service', async () => {
    bar('a b 9093', 'silent')
    const [, callee] = await talk('a')
    expect(callee.heard).toEqual(['hello '])
  })

  test('a link that refuses answers with a reset who sends; the other end hears of it after the heal', async () => {
    const [caller, callee] = await talk('a')
    bar('a b', 'reset')
    await aWhile()
    expect(caller.ended).toBeUndefined()
    caller.socket.write('no')
    await until(() => caller.ended === 'reset')
    await aWhile()
    expect(callee).toMatchObject({ heard: ['hello '], ended: undefined })
    const another = call('a')
    await until(() => another.ended === 'reset')
    bar('a b', undefined)
    await until(() => callee.ended === 'reset')
  })

  test('where nobody listens the connection is reset', async () => {
    await new Promise((resolve) => service.close(resolve))
    const caller = call('a')
    await until(() => caller.ended === 'reset')
  })
})

test('tries are twice as far apart each time', () => {
  expect([0, 1, 200, 201, 601, 3_000, 8_000].map((unheard) => nextTry(unheard))).toEqual([0, 200, 200, 600, 1_400, 3_000, 12_600])
  expect([1, 1_001, 3_001].map((unheard) => nextTry(unheard, 1_000))).toEqual([1_000, 3_000, 7_000])
  // At most two minutes apart.
  expect(nextTry(400_000) - nextTry(280_000)).toBe(120_000)
})
