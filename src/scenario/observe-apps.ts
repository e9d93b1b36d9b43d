/** What came of applications, as statements speak of it. */
import { readEffects } from './app-effects.ts'
import { missed, newAppAccount, update, type AppAccount } from './apps.ts'
import type { Value } from './expression.ts'
import { readGroup } from './observe-clients.ts'
import { hiddenBetween } from './observe-log.ts'
import type { Observed } from './observed.ts'
import type { AppSpec } from './types.ts'

/** As far as somebody has asked. */
function accountOf({ accounts }: Observed, app: AppSpec): AppAccount {
  const account = accounts.get(app.id) ?? newAppAccount(app)
  accounts.set(app.id, account)
  return account
}

export function readApp(observer: Observed, name: string, property: string): Value {
  const app = observer.scenario.apps?.find(({ id }) => id === name)
  if (app === undefined) return undefined
  const account = accountOf(observer, app)
  if (app.of !== undefined) return readEffects(observer, account, name, property, app.of)
  update(account, app, observer.scenario, observer.world)
  switch (property) {
    case 'processed': return account.processed
    case 'refused': return account.refused
    case 'distinct': return account.identities.size
    case 'duplicates': return account.duplicates
    case 'outOfOrder': return account.outOfOrder
    case 'missed': return missed(account, (partition) => {
      const committed = readGroup(observer, account.group, 'committed', partition)
      return typeof committed === 'number' ? committed : 0
    }, (partition, from, to) => hiddenBetween(observer, partition, from, to, app.isolation === 'read_committed'))
    default: return undefined
  }
}
