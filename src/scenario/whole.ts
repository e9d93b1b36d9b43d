/** The whole model, and what statements say of its parts: importing this file is enough. */
import '../kafka/whole.ts'
import { bringBeside } from '../kafka/parts.ts'
import { toyTypes } from '../toy/toy.ts'
import { readShare } from './observe-share.ts'
import { readToy } from './observe-toy.ts'
import { partReaders } from './part-readers.ts'

partReaders.share = readShare
partReaders.toy = readToy
bringBeside(toyTypes)
