/** The whole model, and what statements say of its parts: importing this file is enough. */
import '../kafka/whole.ts'
import { bringBeside } from '../kafka/parts.ts'
import type { AnyProcessType } from '../engine/process.ts'
import { sinkType } from '../sink/sink.ts'
import { toyTypes } from '../toy/toy.ts'
import { besideSlot } from './compile.ts'
import { readShare } from './observe-share.ts'
import { readToy } from './observe-toy.ts'
import { partReaders } from './part-readers.ts'
import { nodesBeside } from './toys.ts'

partReaders.share = readShare
partReaders.toy = readToy
besideSlot.provide(nodesBeside)
bringBeside([...toyTypes, sinkType as unknown as AnyProcessType])
