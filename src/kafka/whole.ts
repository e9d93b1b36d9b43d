/** The whole model: importing this file is enough. */
import { consumerGroupSlot } from './broker/consumer-groups.ts'
import { cleanerSlot, recoverySlot } from './broker/upkeep.ts'
import * as cleaner from './log/cleaner.ts'
import * as recovery from './log/recovery.ts'
import { offsetExpirySlot } from './broker/offset-checks.ts'
import * as offsetExpiry from './group/offset-expiry.ts'
import { quotaSlot } from './broker/quota-slot.ts'
import * as quotas from './broker/replication-quota.ts'
import { coordinatorSlot } from './broker/transaction-coordinator.ts'
import * as admin from './client/admin/admin.ts'
import { adminSlot } from './client/admin/slot.ts'
import { snapshotSlot } from './controller/snapshot-slot.ts'
import * as snapshots from './controller/snapshots.ts'
import { handleSnapshotFetched } from './broker/metadata-snapshot.ts'
import { snapshotFetchedSlot } from './broker/quorum.ts'
import { stickySlot } from './client/consumer/assign/assignor.ts'
import * as commitAsync from './client/consumer/commit-async.ts'
import { commitAsyncSlot } from './client/consumer/commit-async-slot.ts'
import * as effects from './client/consumer/effects.ts'
import { effectsSlot } from './client/consumer/effects-slot.ts'
import * as outcomes from './client/consumer/outcomes.ts'
import { outcomesSlot } from './client/consumer/outcomes-slot.ts'
import * as heartbeats from './client/consumer/group-heartbeat.ts'
import * as protocol from './client/consumer/protocol.ts'
import { protocolSlot } from './client/consumer/protocol-slot.ts'
import * as pause from './client/consumer/pause.ts'
import { pauseSlot } from './client/consumer/pause-slot.ts'
import * as worker from './client/consumer/worker.ts'
import { workerSlot } from './client/consumer/worker-slot.ts'
import * as sticky from './client/consumer/assign/sticky.ts'
import * as packing from './client/producer/packing.ts'
import { packingSlot } from './client/producer/packing-slot.ts'
import { transactionalSlot } from './client/producer/transactional.ts'
import * as transactional from './client/transactional/transactional.ts'
import { handleAdmin } from './controller/admin.ts'
import { adminCallsSlot } from './controller/admin-slot.ts'
import { bringGroupAdmin } from './share/group-admin.ts'
import { handleConsumerGroupHeartbeat } from './group/consumer/heartbeat.ts'
import { assignServerRange } from './group/assign/range.ts'
import { assignUniform } from './group/assign/uniform.ts'
import { serverAssignorsSlot } from './group/consumer/target.ts'
import { compressionSlot } from './log/compression-slot.ts'
import * as compression from './log/compression.ts'
import { bringShareGroups } from './share/part.ts'
import * as transactions from './transaction/coordinator.ts'

bringShareGroups()
bringGroupAdmin()
adminSlot.provide(admin)
adminCallsSlot.provide(handleAdmin)
quotaSlot.provide(quotas)
cleanerSlot.provide(cleaner)
offsetExpirySlot.provide(offsetExpiry)
recoverySlot.provide(recovery)
snapshotSlot.provide(snapshots)
snapshotFetchedSlot.provide(handleSnapshotFetched)
compressionSlot.provide(compression)
commitAsyncSlot.provide(commitAsync)
effectsSlot.provide(effects)
outcomesSlot.provide(outcomes)
protocolSlot.provide({ ...protocol, ...heartbeats })
pauseSlot.provide(pause)
workerSlot.provide(worker)
packingSlot.provide(packing)
coordinatorSlot.provide(transactions)
consumerGroupSlot.provide(handleConsumerGroupHeartbeat)
serverAssignorsSlot.provide({ uniform: assignUniform, range: assignServerRange })
stickySlot.provide(sticky)
transactionalSlot.provide(transactional)
