/** How a field of a batch is written. */
import type { Field } from '../../projection/disk-view.ts'

export const hex = (byte: number): string => byte.toString(16).padStart(2, '0')
/** Kafka calls the attributes of a record as those of its batch. */
export const nameOf = ({ name }: Field): string => (name === 'recordAttributes' ? 'attributes' : name)
