/** All that statements can speak of beyond the account of the run: importing this file is enough. */
import type { Value } from './expression.ts'
import { lateReaders, type ReadRoot } from './late-readers.ts'
import { readApp } from './observe-apps.ts'
import { readConsumer, readGroup, readProducer, readTransaction } from './observe-clients.ts'
import { readPartition, readReplica } from './observe-log.ts'
import { readBroker, readCluster, readController } from './observe-machines.ts'
import { readResult } from './observe-results.ts'
import { readShare } from './observe-share.ts'
import { readTopic } from './observe-topics.ts'
import { readToy } from './observe-toy.ts'
import type { Observed } from './observed.ts'

/** Of a reader whose properties take one argument at most. */
const ofOne = (read: (observer: Observed, name: string, property: string, argument: string | undefined, inner: string | undefined) => Value): ReadRoot =>
  (observer, name, property, args, inner) => read(observer, name, property, args[0], inner)

Object.assign(lateReaders, {
  cluster: readCluster, controller: readController, broker: ofOne(readBroker), topic: readTopic,
  partition: ofOne(readPartition), replica: ofOne(readReplica),
  producer: ofOne(readProducer), consumer: ofOne(readConsumer), group: ofOne(readGroup), txn: readTransaction, app: readApp,
  share: readShare, toy: readToy, result: readResult,
} satisfies typeof lateReaders)
