/** The history card, in English: what ZooKeeper was to Kafka. `history.ko.ts` has the same shape. */
import type { Widen } from './ui.en.ts'

export const historyEn = {
  title: 'Before KRaft: ZooKeeper',
  open: 'History: ZooKeeper',
  notARun: 'Four drawings, and no run: nothing here is simulated. Kafka 4 has no ZooKeeper, so neither has this cluster.',
  close: 'Back',
  figure: (number: number) => `Figure ${number}`,
  ephemeral: {
    title: 'Ephemeral nodes',
    say: 'Each broker kept a session with ZooKeeper, and under /brokers/ids a node that lived as long as the session. When b2 died, its node went with its session: after 18 seconds of silence, unless set otherwise.',
    drawn: 'Three brokers beside the tree of ZooKeeper. b1 and b3 hold their nodes under /brokers/ids by a session; the session of b2 is over, and its node is gone.',
    session: 'session', gone: 'silent for 18 s: the node goes',
  },
  watches: {
    title: 'Watches',
    say: 'A watch told once that something had changed, not what. Whoever watched had to read again and to watch again; of two changes in between only the second was ever seen.',
    drawn: 'A watcher and a node of ZooKeeper, and five arrows between them from left to right: read and watch; a change; the word that something changed; a second change, of which no word is sent; read and watch again.',
    watcher: 'watcher', node: '/brokers/topics/t', steps: ['read, and watch', 'changed', '“changed”', 'changed again', 'read, and watch'], unseen: 'nobody is told',
  },
  controller: {
    title: 'The old controller',
    say: 'One of the brokers was the controller: the one that had made the node /controller first. When it died, the next one had to read the state of every partition from ZooKeeper before it could decide anything, and then tell every broker.',
    drawn: 'b1 holds the node /controller and is dead. b2 has made it anew, reads all partitions from ZooKeeper one after the other, and then sends what it decided to b3 and b4.',
    reads: 'reads every partition', tells: 'LeaderAndIsr, UpdateMetadata', first: 'whoever makes it first',
  },
  move: {
    title: 'The move to KRaft',
    say: 'Since 2.8 the controllers can be a quorum of their own that keeps the metadata as a log, which brokers follow. 3.9 was the last version with ZooKeeper, and the bridge: clusters moved there. 4.0 has only KRaft.',
    drawn: 'A line of versions. 2.8 in 2021: first look. 3.3 in 2022: ready for new clusters. 3.5 in 2023: ZooKeeper deprecated. 3.9 in 2024: the last with ZooKeeper. 4.0 in 2025: KRaft only.',
    versions: [['2.8', '2021', 'first look'], ['3.3', '2022', 'for new clusters'], ['3.5', '2023', 'deprecated'], ['3.9', '2024', 'the last, and the bridge'], ['4.0', '2025', 'KRaft only']],
    zookeeper: 'ZooKeeper', kraft: 'KRaft',
  },
}
/** What a language must say of it. */
export type HistoryText = Widen<typeof historyEn>
