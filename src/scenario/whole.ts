/** The whole model, and what statements say of its parts: importing this file is enough. */
import '../kafka/whole.ts'
import { readShare } from './observe-share.ts'
import { partReaders } from './part-readers.ts'

partReaders.share = readShare
