/**
 * What the model leaves out: one sentence for each place that the code marks `Simplified:`, so that a learner is told
 * what the engineer knows. A test holds this list against the marks.
 */
import type { Language } from './language.ts'

export interface LeftOut {
  /** Files of the model whose marks this sentence speaks for. */
  readonly files: readonly string[]
  readonly says: Readonly<Record<Language, string>>
}

export const leftOut: readonly LeftOut[] = [
  {
    files: ['kafka/controller/quorum.ts', 'kafka/controller/state.ts', 'kafka/broker/state.ts', 'kafka/look.ts'],
    says: {
      en: 'The controllers replicate their log and commit it by majority, but hold no elections: k1 stays active, and there are no NoOp records.',
      ko: '컨트롤러들은 로그를 복제하고 과반수로 커밋하지만 선출은 하지 않는다. k1이 계속 활성이고 NoOp 레코드도 없다.',
    },
  },
  {
    files: ['kafka/log/log.ts', 'kafka/broker/fetcher.ts'],
    says: {
      en: 'A log is one segment for ever: no files, no indexes, no retention, no compaction, no page cache.',
      ko: '로그는 세그먼트 하나로 끝없이 이어진다. 파일, 인덱스, 보존, 압착, 페이지 캐시가 없다.',
    },
  },
  {
    files: ['kafka/protocol/fetch.ts'],
    says: {
      en: 'Every fetch lists all its partitions: there are no fetch sessions.',
      ko: '페치마다 모든 파티션을 적는다. 페치 세션은 없다.',
    },
  },
  {
    files: ['kafka/broker/produce.ts'],
    says: {
      en: 'Producer ids come from blocks that each broker owns; no controller is asked for them.',
      ko: '프로듀서 ID는 브로커마다 정해진 묶음에서 나온다. 컨트롤러에 묻지 않는다.',
    },
  },
  {
    files: ['kafka/group/consumer/heartbeat.ts'],
    says: {
      en: 'A group keeps its protocol: members of the classic and of the consumer protocol cannot be in one group at the same time.',
      ko: '그룹은 프로토콜을 바꾸지 않는다. 클래식 프로토콜 멤버와 컨슈머 프로토콜 멤버가 한 그룹에 함께 있을 수 없다.',
    },
  },
  {
    files: ['kafka/group/assign/uniform-heterogeneous.ts'],
    says: {
      en: 'Topics have no ids: where Kafka would order topics by id, their names decide.',
      ko: '토픽에 ID가 없다. Kafka가 토픽 ID로 순서를 정하는 곳에서는 이름이 정한다.',
    },
  },
  {
    files: ['kafka/client/consumer/commits.ts', 'kafka/client/consumer/consumer.ts'],
    says: {
      en: 'Consumers commit automatically or not at all; one that cannot reach its coordinator closes without a commit.',
      ko: '컨슈머는 자동으로 커밋하거나 아예 하지 않는다. 코디네이터에 닿지 못하면 커밋 없이 닫는다.',
    },
  },
  {
    files: ['kafka/group/offsets.ts', 'kafka/group/load.ts', 'kafka/group/records.ts'],
    says: {
      en: 'A coordinator loads its groups in no time, committed offsets never expire, and what it writes is readable text.',
      ko: '코디네이터는 그룹을 순식간에 읽어 들이고, 커밋된 오프셋은 만료되지 않으며, 기록은 읽을 수 있는 글로 남는다.',
    },
  },
  {
    files: ['kafka/client/partitioner.ts', 'kafka/client/node-choice.ts'],
    says: {
      en: 'Of librdkafka only the way it spreads keys is modelled, and a bootstrap address is the broker itself.',
      ko: 'librdkafka는 키를 나누는 방식만 흉내 내고, 부트스트랩 주소는 곧 그 브로커다.',
    },
  },
  {
    files: ['engine/simulation.ts'],
    says: {
      en: 'A hop takes exactly the time that the scenario says; machines are never short of processor, memory or disk; what a killed process had not yet sent is gone.',
      ko: '홉은 시나리오가 정한 시간만큼 정확히 걸린다. 프로세서, 메모리, 디스크는 모자라지 않으며, 죽은 프로세스가 아직 보내지 못한 것은 사라진다.',
    },
  },
]
