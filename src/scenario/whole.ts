/** The whole model, and what statements say of its parts: importing this file is enough. */
import '../kafka/whole.ts'
import { bringBeside } from '../kafka/parts.ts'
import type { AnyProcessType } from '../engine/process.ts'
import { sinkType } from '../sink/sink.ts'
import { toyTypes } from '../toy/toy.ts'
import * as appEffects from './app-effects.ts'
import { appEffectsSlot } from './apps.ts'
import { besideSlot } from './compile.ts'
import { readShare } from './observe-share.ts'
import { readToy } from './observe-toy.ts'
import { partReaders } from './part-readers.ts'
import { withBeside } from './toys.ts'

appEffectsSlot.provide(appEffects)
partReaders.share = readShare
partReaders.toy = readToy
besideSlot.provide(withBeside)
bringBeside([...toyTypes, sinkType as unknown as AnyProcessType])
