/** Somebody sits on a link and has been told what to do to the next messages of a kind (contract 15). */
import type { Micros } from '../base/units.ts'

export interface Tamper {
  readonly from: string; readonly to: string
  /** The type of message. */
  readonly message: string
  readonly how: 'drop' | 'delay' | 'duplicate'
  /** How much later. */
  readonly by: Micros
  /** Drop: the connection is reset with it. */
  readonly close: boolean
  /** Still to come. */
  times: number
}

/** What is to be done to this message, the oldest order first; it counts from here on. */
export function takeTamper(tampers: Tamper[], from: string, to: string, message: string): Tamper | undefined {
  const found = tampers.find((one) => one.from === from && one.to === to && one.message === message)
  if (found === undefined) return undefined
  found.times--
  if (found.times <= 0) tampers.splice(tampers.indexOf(found), 1)
  return found
}
