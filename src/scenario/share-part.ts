/** Share groups: the part of the model, and what statements say of it. */
import { bringShareGroups } from '../kafka/share/part.ts'
import { readShare } from './observe-share.ts'
import { partReaders } from './part-readers.ts'

export function bring(): void {
  bringShareGroups()
  partReaders.share = readShare
}
