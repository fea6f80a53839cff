import assert from 'node:assert/strict'
import type { OrderBody } from '../../src/core/cycle.ts'
import { type AccessRole, accessRoles } from '../../src/core/plant.ts'
import { orderRefusal, rightRefusal } from '../../src/serve/rights.ts'
import { personOf } from './fixture.ts'

const reason = 'work order 88121'
const prepare = { kind: 'prepare', pair: 'intake', to: 'B', reason, dryRun: false } as const
const lowestRole: readonly (readonly [string, AccessRole, OrderBody])[] = [
  ['prepare a switchover', 'operator', { ...prepare, overrides: [] }],
  [
    'prepare a switchover with an override',
    'supervisor',
    { ...prepare, overrides: ['no batch running'] },
  ],
  [
    'confirm',
    'operator',
    { kind: 'confirm', switchover: 'S1', evidenceHash: 'e', reauthenticated: false },
  ],
  ['reject', 'operator', { kind: 'reject', switchover: 'S1', reason }],
  ['abort', 'operator', { kind: 'abort', switchover: 'S1', reason }],
  ['extend', 'operator', { kind: 'extend', switchover: 'S1' }],
  ['acknowledge an alarm', 'operator', { kind: 'acknowledge', alarm: 'a', comment: '' }],
  ['comment on an alarm', 'operator', { kind: 'comment', alarm: 'a', comment: 'seen' }],
  ['shelve an alarm', 'operator', { kind: 'shelve', alarm: 'a', minutes: 15, reason }],
  [
    'take an alarm out of service',
    'supervisor',
    { kind: 'alarm-out-of-service', alarm: 'a', on: true, reason },
  ],
  ['lock a pair out', 'operator', { kind: 'lockout', pair: 'intake', on: true, reason }],
  ['take a lockout off', 'supervisor', { kind: 'lockout', pair: 'intake', on: false, reason }],
  [
    'take a unit out of service',
    'supervisor',
    { kind: 'out-of-service', pair: 'intake', unit: 'A', on: true, reason },
  ],
  [
    'put a unit back in service',
    'supervisor',
    { kind: 'out-of-service', pair: 'intake', unit: 'A', on: false, reason },
  ],
  [
    'end the re-qualification of a unit',
    'supervisor',
    { kind: 'qualified', pair: 'intake', unit: 'A', reason },
  ],
  [
    'resolve a stopped pair',
    'supervisor',
    { kind: 'resolve', pair: 'intake', way: 'resume', reason },
  ],
]

describe('who may order what', () => {
  for (const [what, lowest, order] of lowestRole) {
    for (const role of accessRoles) {
      const may = accessRoles.indexOf(role) >= accessRoles.indexOf(lowest)
      it(`${may ? 'lets' : 'does not let'} the ${role} ${what}`, () => {
        assert.equal(orderRefusal(order, personOf(role)) === undefined, may)
      })
    }
  }

  it('says which role is needed and which one the person has', () => {
    const refusal = orderRefusal({ kind: 'extend', switchover: 'S1' }, personOf('observer'))
    assert.equal(refusal, '"extend" needs the role operator; olga has the role observer')
  })

  it('refuses a right that is not declared, to the engineer too', () => {
    assert.match(rightRefusal('self-destruct', personOf('engineer')) ?? '', /not declared/)
    assert.match(rightRefusal(undefined, personOf('engineer')) ?? '', /not declared/)
    assert.match(rightRefusal('toString', personOf('engineer')) ?? '', /not declared/)
  })

  it('lets nobody end the session of somebody else', () => {
    const order: OrderBody = { kind: 'session-ended', user: 'anna' }
    assert.equal(orderRefusal(order, personOf('operator')), undefined)
    assert.notEqual(orderRefusal(order, personOf('engineer')), undefined)
  })

  it('refuses an approver who is the same person or may not confirm', () => {
    const order = { kind: 'confirm', switchover: 'S1', evidenceHash: 'e' } as const
    const confirm = { ...order, reauthenticated: false }
    const anna = personOf('operator')
    const approved = (approver: typeof anna) => orderRefusal({ ...confirm, approver }, anna)
    assert.match(approved(anna) ?? '', /another account than anna/)
    assert.match(approved(personOf('observer')) ?? '', /needs the role operator/)
    assert.equal(approved(personOf('supervisor')), undefined)
  })
})
