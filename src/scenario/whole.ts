/** The whole model, and what statements say of its parts: importing this file is enough. */
import '../kafka/whole.ts'
import { bringBeside } from '../kafka/parts.ts'
import type { AnyProcessType } from '../engine/process.ts'
import { sinkType } from '../sink/sink.ts'
import { toyTypes } from '../toy/toy.ts'
import { besideSlot } from './compile.ts'
import './observers.ts'
import { withBeside } from './toys.ts'

besideSlot.provide(withBeside)
bringBeside([...toyTypes, sinkType as unknown as AnyProcessType])
