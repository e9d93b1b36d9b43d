/** What a producer with a transactional id does beside an ordinary one, as that calls it. */
export { coordinatorLost, handleCoordinatorAnswer } from './answers.ts'
export { makeTransactionCall, refusalOfSend } from './calls.ts'
export { batchFailed } from './failures.ts'
export { closeReader, isReading, newReader, readerContext, readerOn, startReader } from './reader.ts'
export { askCoordinators } from './requests.ts'
export { followTurn } from './turns.ts'
