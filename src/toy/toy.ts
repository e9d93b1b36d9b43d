/** Table of contents of the toy: the kinds of its machines. */
import type { AnyProcessType } from '../engine/process.ts'
import { toyBrokerType } from './broker.ts'
import { toyReaderType } from './reader.ts'
import { toySenderType } from './sender.ts'

export const toyTypes = [toyBrokerType, toySenderType, toyReaderType] as unknown as readonly AnyProcessType[]
