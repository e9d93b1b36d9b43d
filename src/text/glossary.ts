/**
 * Kafka's terms in both languages, one choice each: `ko` is what our Korean says, `not` what it never says. Names of
 * configs, errors, requests and tools stay English in both.
 */
export interface Term {
  readonly en: string
  readonly ko: string
  /** Spellings that a Korean sentence of ours must not have. */
  readonly not: readonly string[]
  readonly means: { readonly en: string; readonly ko: string }
}
const term = (en: string, ko: string, not: string, meansEn: string, meansKo: string): Term =>
  ({ en, ko, not: not === '' ? [] : not.split('|'), means: { en: meansEn, ko: meansKo } })

export const glossary: readonly Term[] = [
  term('broker', '브로커', '브로카', 'A server that keeps partitions and answers clients.', '파티션을 보관하고 클라이언트에 응답하는 서버.'),
  term('controller', '컨트롤러', '콘트롤러|컨트롤라', 'The node that keeps the metadata and elects leaders.', '메타데이터를 지키고 리더를 세우는 노드.'),
  term('cluster', '클러스터', '클라스터', 'Brokers and controllers that work as one.', '하나처럼 일하는 브로커와 컨트롤러의 묶음.'),
  term('topic', '토픽', '토픽스', 'A named stream of records, kept in partitions.', '파티션으로 나뉘어 보관되는, 이름 있는 레코드 흐름.'),
  term('partition', '파티션', '파티숀|파티젼', 'One ordered log of a topic.', '토픽을 나눈, 순서 있는 로그 하나.'),
  term('record', '레코드', '리코드|레코오드', 'Key, value and timestamp, stored as bytes.', '바이트로 저장되는 키와 값, 타임스탬프.'),
  term('offset', '오프셋', '오프셑|옵셋|오프세트', 'A record’s place in its partition.', '파티션 안에서 레코드가 놓인 자리.'),
  term('log', '로그', '', 'Records in order, written only at the end.', '끝에만 덧붙이는, 순서 있는 기록.'),
  term('log end offset', '로그 끝', '로그엔드|로그 엔드', 'The offset the next record of a replica will get.', '레플리카에 다음 레코드가 놓일 오프셋.'),
  term('producer', '프로듀서', '프로듀셔|생산자|프로드서', 'A client that writes records.', '레코드를 쓰는 클라이언트.'),
  term('consumer', '컨슈머', '콘슈머|컨수머|소비자', 'A client that reads records.', '레코드를 읽는 클라이언트.'),
  term('client', '클라이언트', '크라이언트|클라이엔트', 'A program that talks to brokers.', '브로커와 이야기하는 프로그램.'),
  term('consumer group', '컨슈머 그룹', '소비자그룹|컨슈머그룹', 'Consumers that share partitions, one owner for each.', '파티션마다 주인 하나씩, 나눠 맡는 컨슈머들.'),
  term('coordinator', '코디네이터', '코디네이타|조정자', 'The broker that manages a group.', '그룹을 관리하는 브로커.'),
  term('rebalance', '리밸런싱', '리벨런싱|리발란싱|재조정', 'Partitions are handed out anew within a group.', '그룹 안에서 파티션을 다시 나누는 일.'),
  term('replica', '레플리카', '리플리카|레프리카', 'One copy of a partition.', '파티션의 사본 하나.'),
  term('leader', '리더', '', 'The replica that takes writes.', '쓰기를 받는 레플리카.'),
  term('follower', '팔로워', '팔로어|팔로우어', 'A replica that copies the leader by fetching.', '리더에서 가져와 복제하는 레플리카.'),
  term('in-sync replicas', 'ISR', '아이에스알|동기화복제본', 'The leader, and the followers that keep up.', '리더와, 뒤처지지 않은 팔로워들.'),
  term('high watermark', '하이워터마크', '하이 워터마크|하이워터 마크|하이 워터 마크', 'All before it is committed and may be read.', '그 앞은 모두 커밋되어 읽을 수 있다.'),
  term('epoch', '에포크', '이포크|에폭|에퐄', 'The number of a term; a higher one wins.', '임기 번호. 큰 쪽이 이긴다.'),
  term('fencing', '펜싱', '펜스처리', 'Shutting out whoever has been silent too long, or is of an earlier term.', '너무 오래 조용했거나 지난 임기인 쪽을 배제하는 일.'),
  term('heartbeat', '하트비트', '하트빗|심박', 'A sign of life.', '살아 있다는 신호.'),
  term('session timeout', '세션 타임아웃', '세션타임아웃|쎄션', 'Silence after which somebody counts as dead.', '이만큼 조용하면 죽은 것으로 친다.'),
  term('batch', '배치', '뱃치|배취', 'Records of one partition, sent and stored together.', '함께 보내고 저장하는, 한 파티션의 레코드들.'),
  term('acknowledgement', '응답', '애크', 'The broker’s word that a record is stored.', '레코드를 저장했다는 브로커의 답.'),
  term('retry', '재시도', '리트라이', 'Sending the same batch again.', '같은 배치를 다시 보내는 일.'),
  term('idempotence', '멱등성', '멱등원|아이덤포턴스', 'Retries neither duplicate nor reorder.', '재시도해도 중복되거나 뒤바뀌지 않는 성질.'),
  term('sequence', '시퀀스', '시퀸스|씨퀀스', 'A batch’s number, by which a broker knows it again.', '브로커가 배치를 다시 알아보는 번호.'),
  term('fetch', '페치', '펫치', 'A request for records, by a follower or a consumer.', '팔로워나 컨슈머가 레코드를 달라는 요청.'),
  term('commit', '커밋', '컴밋|커미트', 'Of a record: the whole ISR has it. Of an offset: the group has noted it down.', '레코드라면 ISR 전체가 가진 것, 오프셋이라면 그룹이 적어 둔 것.'),
  term('truncation', '절단', '트렁케이션', 'Cutting off what the new leader does not have.', '새 리더에 없는 부분을 잘라내는 일.'),
  term('leader election', '리더 선출', '리더 선거', 'Choosing the next leader.', '다음 리더를 세우는 일.'),
  term('preferred leader', '선호 리더', '프리퍼드 리더', 'The first replica of the list.', '목록의 첫 레플리카.'),
  term('controlled shutdown', '정상 종료', '컨트롤드 셧다운', 'Leadership is handed over before the broker stops.', '리더 자리를 넘긴 뒤 브로커가 멈추는 일.'),
  term('metadata', '메타데이터', '메타데이타|메타 데이터', 'Who leads what, and who is there.', '누가 무엇의 리더이고 누가 있는지.'),
  term('metadata log', '메타데이터 로그', '', 'Every change of the cluster’s state, in order.', '클러스터 상태가 바뀐 순서대로의 기록.'),
  term('transaction', '트랜잭션', '트랜젝션|트렌잭션', 'Writes to several partitions, all or none.', '여러 파티션에 전부 쓰거나 하나도 안 쓰는 일.'),
  term('segment', '세그먼트', '새그먼트', 'One file of a partition’s log.', '파티션 로그를 나눈 파일 하나.'),
  term('retention', '보존', '리텐션', 'Old segments are deleted by age or size.', '오래됐거나 넘친 세그먼트를 지우는 규칙.'),
  term('log compaction', '로그 압착', '로그 콤팩션|로그컴팩션', 'Keeping at least the last record per key.', '키마다 적어도 마지막 레코드를 남기는 일.'),
  term('tombstone', '툼스톤', '툼스턴|묘비', 'A record whose value is null: its key is deleted.', '값이 null인 레코드. 그 키를 지웠다는 표시.'),
  term('page cache', '페이지 캐시', '페이지캐쉬|페이지 캐쉬', 'Memory of the system that holds file data until it is written to the disk.', '디스크에 내려쓸 때까지 파일 데이터를 담아 두는 운영체제의 메모리.'),
  term('lag', '랙', '래그', 'How far a group is behind.', '그룹이 뒤처진 정도.'),
  term('rack', '랙', '', 'Machines that fail together.', '함께 고장 나는 서버들.'),
  term('message', '메시지', '메세지', 'A request or an answer on the wire.', '선 위를 지나는 요청이나 응답.'),
  term('timeout', '타임아웃', '타임 아웃', 'Waiting has come to its end.', '기다림이 끝나는 때.'),
  term('simulation', '시뮬레이션', '시뮬레이숀|시물레이션', 'A model that runs.', '움직이는 모형.'),
]
