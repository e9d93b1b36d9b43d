/** Handlers that work outside the poll loop; loaded late (`late.ts`). */
import { slot } from '../../late.ts'
import type * as Worker from './worker.ts'

export const workerSlot = slot<Pick<typeof Worker, 'handOver' | 'handleWorkerTimer' | 'endWorker'>>('worker threads')
