/** The whole model, and what statements say of its parts: importing this file is enough. */
import '../kafka/whole.ts'
import { bringBeside } from '../kafka/parts.ts'
import type { AnyProcessType } from '../engine/process.ts'
import { sinkType } from '../sink/sink.ts'
import { toyTypes } from '../toy/toy.ts'
import { readEffects } from './app-effects.ts'
import { besideSlot } from './compile.ts'
import { readShare } from './observe-share.ts'
import { readToy } from './observe-toy.ts'
import { partReaders } from './part-readers.ts'
import { withBeside } from './toys.ts'

partReaders.share = readShare
partReaders.toy = readToy
partReaders.effects = readEffects
besideSlot.provide(withBeside)
bringBeside([...toyTypes, sinkType as unknown as AnyProcessType])
