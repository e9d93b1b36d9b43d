/**
 * What a scenario needs of the model beside what is always there, loaded with the first one that needs it. Nothing that a
 * run does depends on when: it is there before the run begins.
 */
import type { Scenario } from './types.ts'

export async function bringParts({ clients }: Pick<Scenario, 'clients'>): Promise<void> {
  if ((clients?.shareConsumers ?? []).length > 0) (await import('./share-part.ts')).bring()
}
