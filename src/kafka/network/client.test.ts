import { describe, expect, test } from 'vitest'
import { fromMs, MILLISECOND as MS, SECOND } from '../../base/units.ts'
import { recordingContext } from '../../engine/testing.ts'
import { exponentialBackoff } from './backoff.ts'
import {
  answered, channelOf, channelTo, closeChannel, handleConnected, handleDisconnected, handleNetworkTimer, newNetworkClient, ready, sendRequest, type NetworkClient,
} from './client.ts'

const newClient = (): NetworkClient<string> => newNetworkClient({ requestTimeout: 30 * SECOND, reconnectBackoffMs: 50, reconnectBackoffMaxMs: 1000, connectionSetupTimeout: 10 * SECOND })
/** A client whose channel to b1 is open. */
function connected() {
  const client = newClient()
  const ctx = recordingContext('shop')
  const channel = channelTo(client, 'b1', 'clients')
  expect(ready(client, channel, ctx)).toBe(false)
  handleConnected(client, channel.on!)
  expect(ready(client, channel, ctx)).toBe(true)
  return { client, ctx, channel }
}
const request = (n: number) => ({ type: 'Request', n })

describe('a channel', () => {
  test('is one for each machine and label', () => {
    const client = newClient()
    expect(channelTo(client, 'b1', 'clients')).toBe(channelTo(client, 'b1', 'clients'))
    expect(channelTo(client, 'b1', 'clients')).not.toBe(channelTo(client, 'b1', 'clients:coordinator'))
  })

  test('answers come in the order of the requests', () => {
    const { client, ctx, channel } = connected()
    for (const n of [1, 2, 3]) sendRequest(client, channel, request(n), `for ${n}`, ctx)
    sendRequest(client, channel, request(4), 'acks=0', ctx, false)
    expect(ctx.sent.map(({ message }) => message)).toEqual([1, 2, 3, 4].map(request))
    expect([1, 2, 3].map(() => answered(client, channel.on!)?.answers.purpose)).toEqual(['for 1', 'for 2', 'for 3'])
    expect(answered(client, channel.on!)).toBeUndefined()
  })

  test('that is not ready takes no request', () => {
    const client = newClient()
    const channel = channelTo(client, 'b1', 'clients')
    expect(() => sendRequest(client, channel, request(1), '', recordingContext('shop'))).toThrow('closed')
  })

  test('that was closed does not know its old connection', () => {
    const { client, ctx, channel } = connected()
    const on = channel.on!
    sendRequest(client, channel, request(1), 'x', ctx)
    expect(closeChannel(client, channel, ctx).map(({ purpose }) => purpose)).toEqual(['x'])
    expect([ctx.closed, channelOf(client, on), answered(client, on), handleDisconnected(client, on, ctx)]).toEqual([[on], undefined, undefined, undefined])
  })
})

describe('when a connection ends', () => {
  test('everything in flight fails at once', () => {
    const { client, ctx, channel } = connected()
    for (const n of [1, 2]) sendRequest(client, channel, request(n), `${n}`, ctx)
    expect(handleDisconnected(client, channel.on!, ctx)!.failed.map(({ purpose }) => purpose)).toEqual(['1', '2'])
    expect(channel).toMatchObject({ state: 'closed', inFlight: [] })
  })

  // reconnect.backoff.ms, reconnect.backoff.max.ms: "increased exponentially for each consecutive connection failure, up to this maximum".
  test('the next attempt waits 50 ms, and twice as long after each failure, up to 1 s; a success begins anew', () => {
    const client = newClient()
    const ctx = recordingContext('shop')
    const channel = channelTo(client, 'b1', 'clients')
    const pauses: number[] = []
    for (let i = 0; i < 7; i++) {
      ready(client, channel, ctx)
      handleDisconnected(client, channel.on!, ctx)
      pauses.push((channel.retryAt - ctx.now) / MS)
      ctx.now = channel.retryAt - 1
      ready(client, channel, ctx)
      expect(channel.state).toBe('closed')
      ctx.now = channel.retryAt
    }
    expect(pauses).toEqual([50, 100, 200, 400, 800, 1000, 1000])
    ready(client, channel, ctx)
    handleConnected(client, channel.on!)
    handleDisconnected(client, channel.on!, ctx)
    expect((channel.retryAt - ctx.now) / MS).toBe(50)
  })

  test('the pause is a fifth longer or shorter, by luck, and never beyond the maximum', () => {
    expect([exponentialBackoff(100, 1000, 1, 0), exponentialBackoff(100, 1000, 1, 4294967295), exponentialBackoff(100, 1000, 9, 4294967295)]).toEqual([fromMs(160), fromMs(240), fromMs(1000)])
  })
})

describe('nothing comes', () => {
  test('request.timeout.ms after it was sent, the oldest request ends its connection and all behind it', () => {
    const { client, ctx, channel } = connected()
    const on = channel.on!
    sendRequest(client, channel, request(1), '1', ctx)
    ctx.now = 5 * SECOND
    sendRequest(client, channel, request(2), '2', ctx)
    ctx.now = 30 * SECOND - 1
    expect(handleNetworkTimer(client, ctx)).toEqual([])
    expect(ctx.timers.get('network')).toBe(30 * SECOND)
    ctx.now = 30 * SECOND
    expect(handleNetworkTimer(client, ctx).map(({ failed, how }) => [failed.map(({ purpose }) => purpose), how])).toEqual([[['1', '2'], 'timeout']])
    expect(ctx.closed).toEqual([on])
  })

  test('a request may have a time of its own', () => {
    const { client, ctx, channel } = connected()
    sendRequest(client, channel, request(1), 'long', ctx)
    sendRequest(client, channel, request(2), 'short', ctx, true, 2 * SECOND)
    expect(ctx.timers.get('network')).toBe(2 * SECOND)
    ctx.now = 2 * SECOND
    expect(handleNetworkTimer(client, ctx)).toHaveLength(1)
  })

  test('socket.connection.setup.timeout.ms ends an attempt that nobody answers', () => {
    const client = newClient()
    const ctx = recordingContext('shop')
    const channel = channelTo(client, 'b1', 'clients')
    ready(client, channel, ctx)
    ctx.now = 10 * SECOND
    expect(handleNetworkTimer(client, ctx)).toMatchObject([{ channel: { node: 'b1', state: 'closed' }, failed: [] }])
  })

  test('an answer in time leaves nothing to wait for', () => {
    const { client, ctx, channel } = connected()
    sendRequest(client, channel, request(1), '1', ctx)
    answered(client, channel.on!)
    ctx.now = 40 * SECOND
    ctx.timers.clear()
    expect(handleNetworkTimer(client, ctx)).toEqual([])
    expect(ctx.timers.has('network')).toBe(false)
  })
})
