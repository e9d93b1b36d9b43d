/** `retry.backoff.ms` may be 0: then a client asks again as fast as it can, and time goes on all the same. PRD-2 */
import { describe, expect, test } from 'vitest'
import '../../whole.ts'
import { consumerOf } from '../../look.ts'
import { producer, TestCluster } from '../../testing.ts'
import type { ConsumerConfig } from './state.ts'

const NO_BACKOFF = { 'retry.backoff.ms': 0, 'reconnect.backoff.ms': 0, 'auto.offset.reset': 'earliest' }
const reader = (configs: Readonly<Record<string, string>>): ConsumerConfig => ({ id: 'c1', library: 'java', group: 'g', topics: ['orders'], bootstrap: ['b1'], configs: { ...NO_BACKOFF, ...configs }, processMs: 100 })
const all = ['b1', 'b2', 'b3']

describe('without a backoff', () => {
  test.each(['classic', 'consumer'])('a consumer of the %s protocol outlives the loss of every broker, and reads on', (protocol) => {
    const cluster = new TestCluster({ producers: [producer('shop', { 'retry.backoff.ms': 0, 'reconnect.backoff.ms': 0 })], consumers: [reader({ 'group.protocol': protocol })] }).start('shop', 'c1').run(8)
    for (const broker of all) cluster.act('crash', broker)
    cluster.send('shop', { key: 'k', value: 'v' }).run(8)
    for (const broker of all) cluster.act('restart', broker)
    cluster.run(60)
    expect(consumerOf(cluster.sim.world.nodes.get('c1'))!.notebook!.handled).toHaveLength(1)
  })
})
