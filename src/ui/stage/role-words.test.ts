import { describe, expect, test } from 'vitest'
import type { BrokerView, ReplicaView } from '../../projection/cluster-view.ts'
import { at, broker, partition, replica } from '../../scene/fixtures/build.ts'
import { learn } from '../first-words.ts'
import { roleLines, spokenRole } from './role-words.ts'
import { stageText } from './stage-text.ts'

await learn('ko')
const say = (language: 'en' | 'ko', b: Partial<BrokerView>, r: Partial<ReplicaView> = {}, leader = 'b1'): string[] =>
  roleLines(
    {
      broker: broker(1, b),
      replica: replica('orders/0', 'b1', [], r),
      partition: partition('orders/0', ['b1', 'b2'], { leader, leaderEpoch: 1, leaderSince: at(0, 15.79) }),
      downfall:
        b.condition === 'down' ? { how: 'killed', at: at(0, 7.015), fencedAt: b.fenced === true ? at(0, 15.75) : undefined } : undefined,
    },
    stageText(language),
  ).map((each) => each.words.map((word) => word.text).join(' | '))

describe('over a log stands what its broker is', () => {
  test.each([
    [{}, { role: 'leader', leaderEpoch: 1 }, 'b1', 'leader, epoch 1 | since 00:15.790', '리더, 에포크 1 | 00:15.790부터'],
    [{}, {}, 'b2', 'follower, in sync', '팔로워, 인-싱크'],
    [
      {},
      { inSync: false, fetching: 'backing off' },
      'b2',
      'follower, out of sync | fetch backs off',
      '팔로워, 뒤처짐 | 페치 재시도 대기 중',
    ],
    [{}, { role: 'leader', leaderEpoch: 0 }, 'b2', '“I lead, epoch 0” | out of date', '“내가 리더, 에포크 0” | 오래된 정보'],
    [
      { condition: 'down', since: at(0, 7.015), fenced: true },
      { role: 'leader' },
      'b2',
      'killed 00:07.015, fenced 00:15.750',
      '00:07.015 죽음, 00:15.750 펜싱됨',
    ],
    [{ condition: 'down', since: at(0, 7.015) }, { role: 'leader' }, 'b1', 'killed 00:07.015', '00:07.015 죽음'],
    [{ condition: 'frozen', since: at(0, 9) }, {}, 'b2', 'frozen since 00:09.000', '00:09.000부터 얼어붙음'],
    [
      {},
      { role: 'leader', leaderEpoch: 1, pendingIsr: { kind: 'shrink', brokers: ['b2'] } },
      'b1',
      'leader, epoch 1 | asks the controller: ISR without b2',
      '리더, 에포크 1 | 컨트롤러에 요청: ISR에서 b2 제외',
    ],
  ] as const)('%j %j', (b, r, leader, en, ko) => {
    expect(say('en', b, r, leader)[0]).toBe(en)
    expect(say('ko', b, r, leader)[0]).toBe(ko)
  })
  test('and the same, shorter, where there is less room', () => {
    expect(say('en', { condition: 'down', since: at(0, 7.015), fenced: true })).toEqual([
      'killed 00:07.015, fenced 00:15.750',
      'killed 00:07.015, fenced',
      'killed 00:07.015',
    ])
  })
  test('for the ear the fullest is read', () => {
    expect(
      spokenRole(
        roleLines(
          { broker: broker(1), replica: replica('orders/0', 'b1', []), partition: undefined, downfall: undefined },
          stageText('en'),
        ),
      ),
    ).toBe('follower, in sync')
  })
})
