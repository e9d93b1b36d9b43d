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
    files: ['toy/broker.ts', 'toy/queue.ts'],
    says: {
      en: 'The push broker and the queue that stand beside Kafka in a lesson are toys, and no products: the one stores nothing, the other forgets a message when it hands it over, and neither knows acknowledgements. Real brokers that push have queues, acknowledgements and a limit (prefetch) for what is under way to each reader.',
      ko: '레슨에서 Kafka 곁에 두는 밀어 주는 브로커와 큐는 장난감이며, 어떤 제품도 아니다. 하나는 아무것도 저장하지 않고, 하나는 건네주는 순간 잊는다. 둘 다 확인 응답을 모른다. 실제로 밀어 주는 브로커에는 큐와 확인 응답이 있고, 읽는 쪽마다 한 번에 내보내는 양의 한도(prefetch)가 있다.',
    },
  },
  {
    files: ['sink/sink.ts', 'kafka/client/consumer/effects.ts'],
    says: {
      en: 'The database and the mail gateway that handlers write to stand for no product: they take no time, do whatever they are asked, and never lose what they have. A handler waits for its answer as long as it takes, and close() waits for the handler; real drivers and mail clients time out.',
      ko: '핸들러가 쓰는 데이터베이스와 메일 게이트웨이는 어떤 제품도 아니다. 시간이 걸리지 않고, 시키는 대로 하고, 가진 것을 잃지 않는다. 핸들러는 응답을 끝까지 기다리고 close()는 핸들러를 기다린다. 실제 드라이버와 메일 클라이언트에는 타임아웃이 있다.',
    },
  },
  {
    files: ['terminal/tool.ts', 'terminal/console-producer.ts', 'terminal/console-consumer.ts', 'terminal/consumer-groups.ts', 'terminal/metadata-quorum.ts', 'terminal/confluent.ts', 'projection/sight.ts'],
    says: {
      en: 'In the terminal, what changes the cluster is asked for by real requests; what only reads is taken from the cluster as it stands, and the console consumer joins no group. Topic ids and stack traces are left out; the plan that --generate proposes is drawn with the moment as its seed; a tool that would wait for ever gives up.',
      ko: '터미널에서 클러스터를 바꾸는 일은 실제 요청으로 부탁한다. 읽기만 하는 일은 클러스터의 지금 상태를 그대로 보여 주고, 콘솔 컨슈머는 그룹에 들어가지 않는다. 토픽 ID와 스택 트레이스는 뺐다. --generate가 제안하는 이동 계획은 그 시각을 시드로 무작위로 정하고, 끝없이 기다릴 도구는 그만둔다.',
    },
  },
  {
    files: ['kafka/controller/quorum.ts', 'kafka/controller/metadata-log.ts', 'kafka/controller/snapshots.ts'],
    says: {
      en: 'An idle metadata log does not grow, as there are no NoOp records, and each of its records counts as 100 bytes. Only controllers take snapshots, and one answer carries a whole one. The log is as large as the records it still has, not as its segments. A controller that starts again remembers how far it is committed.',
      ko: '메타데이터 로그는 일이 없으면 늘지 않는다. NoOp 레코드가 없기 때문이다. 레코드 하나는 100바이트로 친다. 스냅샷은 컨트롤러만 뜨고, 응답 하나에 통째로 담긴다. 로그 크기는 세그먼트가 아니라 남은 레코드로 센다. 다시 시작한 컨트롤러는 어디까지 커밋됐는지 기억한다.',
    },
  },
  {
    files: ['kafka/controller/transitions.ts', 'kafka/controller/activation.ts', 'kafka/controller/follow.ts', 'kafka/broker/quorum.ts'],
    says: {
      en: 'A voter notices that its leader is silent up to 100 ms late, by luck; who is refused a fetch of metadata asks again after 20 ms; a controller that resigns stops acting at once.',
      ko: '보터는 리더의 침묵을 운에 따라 최대 100 ms 늦게 알아챈다. 메타데이터 페치를 거절당하면 20 ms 뒤에 다시 묻는다. 물러난 컨트롤러는 그 즉시 일을 멈춘다.',
    },
  },
  {
    files: ['kafka/log/log.ts', 'kafka/log/cleaner.ts', 'kafka/log/retention.ts', 'kafka/broker/disk.ts'],
    says: {
      en: 'Unless it is made slow, the disk takes no time: flushing, deleting and compacting are done at once, what is dirty is written back all together, and the small files beside the logs are never behind, whatever log.flush.offset.checkpoint.interval.ms says.',
      ko: '일부러 느리게 하지 않는 한 디스크는 시간이 걸리지 않는다. 내려쓰기와 삭제, 압착은 곧바로 끝나고, 아직 내려쓰지 않은 것은 한꺼번에 내려쓰며, 로그 곁의 작은 파일들은 log.flush.offset.checkpoint.interval.ms와 상관없이 늘 최신이다.',
    },
  },
  {
    files: ['kafka/log/compression.ts', 'kafka/client/producer/packing.ts'],
    says: {
      en: 'Nothing is really compressed. The first record of a batch shrinks to 65% of its size with gzip, 85% with snappy and lz4, 62% with zstd; further ones, being alike, to 25%, 50%, 45% and 22%; the codec adds 20, 20, 15 or 13 bytes. Compressing a kB takes 40, 4, 3 or 8 µs of send(); unpacking it takes 8, 2, 1 or 3 µs, told of brokers, but holds nobody up. In exported files zeros stand for what is compressed.',
      ko: '실제로 압축하지는 않는다. 배치의 첫 레코드는 gzip 65%, snappy와 lz4 85%, zstd 62%로 줄고, 서로 비슷한 나머지 레코드는 25%, 50%, 45%, 22%로 준다(gzip, snappy, lz4, zstd 순). 코덱은 20, 20, 15, 13바이트를 더한다. 1 kB를 압축하느라 send()가 40, 4, 3, 8 µs 걸린다. 푸는 데는 8, 2, 1, 3 µs로 보고 브로커의 몫을 알려 주지만 누구도 기다리게 하지 않는다. 내보낸 파일에서 압축된 자리는 0으로 채운다.',
    },
  },
  {
    files: ['kafka/log/snapshot.ts'],
    says: {
      en: 'A .snapshot file names the producers whose batches the log still has.',
      ko: '.snapshot 파일에는 로그에 아직 배치가 남아 있는 프로듀서만 적힌다.',
    },
  },
  {
    files: ['kafka/broker/slow-disk.ts'],
    says: {
      en: 'A slow disk holds up what producers send and what followers copy, not what coordinators write; request threads never run out.',
      ko: '느린 디스크는 프로듀서가 보내고 팔로워가 복제하는 쓰기만 늦춘다. 코디네이터의 쓰기는 늦어지지 않고, 요청 스레드는 모자라지 않는다.',
    },
  },
  {
    files: ['kafka/cluster.ts'],
    says: {
      en: 'In combined mode the broker and the controller of one process go by node ids of their own; in Kafka they share one.',
      ko: '겸용 모드에서 한 프로세스의 브로커와 컨트롤러는 노드 ID를 따로 쓴다. Kafka에서는 하나를 함께 쓴다.',
    },
  },
  {
    files: ['kafka/wall-clock.ts'],
    says: {
      en: 'A clock that is set wrong shows in what is dated and judged by it. That a clock set forward also ends waits (request timeouts of clients, a follower\'s lag, the quorum\'s timers) is left out.',
      ko: '틀린 시계는 시각을 적고 따지는 데서만 드러난다. 시계를 앞으로 돌리면 기다림(클라이언트의 요청 시간제한, 팔로워의 지연 판정, 쿼럼의 타이머)까지 앞당겨 끝나는 것은 뺐다.',
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
    files: ['kafka/group/consumer/heartbeat.ts'],
    says: {
      en: 'A group keeps its protocol: members of the classic and of the consumer protocol cannot be in one group at the same time.',
      ko: '그룹은 프로토콜을 바꾸지 않는다. 클래식 프로토콜 멤버와 컨슈머 프로토콜 멤버가 한 그룹에 함께 있을 수 없다.',
    },
  },
  {
    files: ['kafka/group/static-member.ts'],
    says: {
      en: 'A static member that comes back is shown to its group by its new client.id; Kafka goes on showing the former one.',
      ko: '돌아온 정적 멤버는 그룹에서 새 client.id로 보인다. Kafka는 예전 것을 계속 보여 준다.',
    },
  },
  {
    files: ['kafka/group/assign/uniform-heterogeneous.ts', 'kafka/broker/metadata-snapshot.ts'],
    says: {
      en: 'Topics have no ids: where Kafka would order topics by id, their names decide, and a broker that is given a snapshot knows a topic created anew by its lower epoch.',
      ko: '토픽에 ID가 없다. Kafka가 토픽 ID로 순서를 정하는 곳에서는 이름이 정하고, 스냅샷을 받은 브로커는 다시 만든 토픽을 낮아진 에포크로 알아본다.',
    },
  },
  {
    files: ['kafka/client/consumer/settings.ts'],
    says: {
      en: 'A member does not tell its group its client.rack: it only chooses by it where to read.',
      ko: '멤버는 그룹에 client.rack을 알리지 않는다. 어디서 읽을지를 고를 때만 쓴다.',
    },
  },
  {
    files: ['kafka/client/consumer/worker.ts'],
    says: {
      en: 'A consumer with `threads: true` has one worker thread and a queue without a bound; it does not wait for the queue when it closes.',
      ko: '`threads: true`인 컨슈머의 작업 스레드는 하나이고 큐에는 한도가 없다. 닫을 때 큐가 비기를 기다리지 않는다.',
    },
  },
  {
    files: ['kafka/client/consumer/commit-async.ts'],
    says: {
      en: 'The callback of commitAsync() is called when the answer comes, not in the next poll(), commit or close().',
      ko: 'commitAsync()의 콜백은 응답이 오는 순간 호출된다. 다음 poll()이나 커밋, close()를 기다리지 않는다.',
    },
  },
  {
    files: ['kafka/client/consumer/commit-sync.ts', 'kafka/client/consumer/consumer.ts', 'kafka/client/consumer/coordinator.ts', 'kafka/client/consumer/pause.ts'],
    says: {
      en: 'An application goes on polling when it is told CommitFailedException, or IllegalStateException by pause(); a consumer that cannot reach its coordinator closes without a commit. With retry.backoff.ms=0 a consumer asks again once a millisecond; Kafka\'s does so as fast as its machine can.',
      ko: 'commitSync()가 CommitFailedException으로, pause()가 IllegalStateException으로 끝나도 애플리케이션은 계속 폴을 한다. 컨슈머는 코디네이터에 닿지 못하면 커밋 없이 닫는다. retry.backoff.ms=0이면 컨슈머는 1 ms마다 다시 요청한다. 실제로는 기계가 되는 대로 빨리 요청한다.',
    },
  },
  {
    files: ['kafka/group/load.ts', 'kafka/group/records.ts', 'kafka/group/subscribed.ts'],
    says: {
      en: 'A coordinator loads its groups in no time, and what it writes is readable text. While a classic group rebalances, a topic that only a member read that has just left counts as read by nobody.',
      ko: '코디네이터는 그룹을 순식간에 읽어 들이고, 기록은 읽을 수 있는 글로 남는다. 클래식 그룹이 리밸런싱하는 동안 막 나간 멤버만 읽던 토픽은 아무도 읽지 않는 것으로 친다.',
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
    files: ['kafka/client/admin/admin.ts', 'kafka/client/admin/errands.ts', 'kafka/protocol/group-admin.ts', 'kafka/broker/replicas.ts'],
    says: {
      en: 'The admin client asks the first broker that answers, and several leaders one after another; resetting offsets does not describe the group first. The log of a replica that is taken away is gone at once.',
      ko: '관리 클라이언트는 응답하는 첫 브로커에 묻고, 리더가 여럿이면 차례로 묻는다. 오프셋을 되돌릴 때 그룹을 먼저 조회하지 않는다. 제거된 레플리카의 로그는 바로 사라진다.',
    },
  },
  {
    files: ['kafka/transaction/load.ts', 'kafka/transaction/write.ts', 'kafka/transaction/timers.ts', 'kafka/broker/peers.ts'],
    says: {
      en: 'A coordinator loads its transactions in no time, transactional ids never expire, what it writes is readable text, and a marker that was refused is sent again after 100 ms. What a broker asks of itself takes no time.',
      ko: '코디네이터는 트랜잭션 상태를 순식간에 읽어 들이고, transactional.id는 만료되지 않으며, 기록은 읽을 수 있는 글로 남는다. 거절된 마커는 100 ms 뒤에 다시 보낸다. 브로커가 자신에게 묻는 일에는 시간이 들지 않는다.',
    },
  },
  {
    files: ['kafka/protocol/metadata.ts', 'kafka/metadata/image.ts'],
    says: {
      en: 'A client learns transaction.version when it is told who its coordinator is; a cluster that has the level of a new one does not write it down.',
      ko: '클라이언트는 코디네이터를 찾을 때 transaction.version을 함께 듣는다. 새 클러스터와 수준이 같으면 메타데이터에 따로 기록하지 않는다.',
    },
  },
  {
    files: ['engine/simulation.ts'],
    says: {
      en: 'A hop takes exactly the time that the scenario says; machines are never short of processor or memory; what a killed process had not yet sent is gone.',
      ko: '홉은 시나리오가 정한 시간만큼 정확히 걸린다. 프로세서와 메모리는 모자라지 않으며, 죽은 프로세스가 아직 보내지 못한 것은 사라진다.',
    },
  },
  {
    files: [
      'kafka/share/state.ts', 'kafka/share/ask.ts', 'kafka/share/append.ts', 'kafka/protocol/share.ts', 'kafka/share/part.ts', 'kafka/share/group.ts',
      'kafka/share/calls.ts',
    ],
    says: {
      en: 'Share groups: a share partition goes by its topic\'s name instead of the topic\'s id, every request lists all its partitions, coordinators load their state in no time and never prune it, and pauses have no jitter. A fetch is answered with the first records found, whatever fetch.min.bytes says, its partitions are looked through in the order of their names, and its bytes are not divided among them. There is no share.assignment.interval.ms.',
      ko: '셰어 그룹: 셰어 파티션은 토픽 ID 대신 토픽 이름으로 가리키고, 요청마다 파티션을 전부 적는다. 코디네이터는 상태를 읽어 들이는 데 시간이 들지 않고 오래된 기록을 지우지 않으며, 재시도 간격은 흔들리지 않는다. 페치는 fetch.min.bytes와 상관없이 레코드를 찾는 대로 답하고, 파티션은 이름순으로 살피며, 바이트를 파티션마다 나누지 않는다. share.assignment.interval.ms는 없다.',
    },
  },
  {
    files: ['kafka/broker/log-directories.ts', 'kafka/broker/log-dir-failure.ts', 'kafka/broker/cleaning.ts', 'kafka/broker/assignments.ts'],
    says: {
      en: 'A disk that has failed is noticed by the next write or the checkpoint within 5 s, not by reads, retention or cleaning; its coordinators resign at once. Only .log files fill a disk, and mending one that they have filled doubles it. Where a replica lies is told again every 100 ms.',
      ko: '고장 난 디스크는 다음 쓰기나 5초 안의 체크포인트에서 드러나고, 읽기와 보존 검사, 압착에서는 드러나지 않는다. 그 디스크의 코디네이터는 곧바로 물러난다. 디스크를 채우는 것은 .log 파일뿐이고, 로그로 가득 찬 디스크를 고치면 크기가 두 배가 된다. 레플리카의 위치는 100 ms마다 다시 알린다.',
    },
  },
  {
    files: ['kafka/broker/replication-quota.ts'],
    says: {
      en: 'Of replication that is throttled only the bytes of batches count.',
      ko: '복제 제한에는 배치의 바이트만 센다.',
    },
  },
]
