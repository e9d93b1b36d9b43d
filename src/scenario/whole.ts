/** The whole model, and what statements say of its parts: importing this file is enough. */
import '../kafka/whole.ts'
import { bringBeside } from '../kafka/parts.ts'
import { toyTypes } from '../toy/toy.ts'
import { besideSlot } from './compile.ts'
import './observers.ts'
import { nodesOfToys } from './toys.ts'

besideSlot.provide(nodesOfToys)
bringBeside(toyTypes)
