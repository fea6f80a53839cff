// The model of the OPC UA door as a whole: every object type with its rows, and what an answer means as a status code. Data only: the
// address space, the exported NodeSet, the manual and the tests are made from it, and it needs no library.

import type { AnswerCode } from '../../core/cycle.ts'
import { pairMethods, switchoverMethods, unitMethods } from './model-methods.ts'
import { pairRows, pendingRows, tagRows } from './model-pair.ts'
import { pathRows, supervisorRows, unitRows, upsRows } from './model-unit.ts'
import type { MethodRow, Row } from './rows.ts'

export type TypeName =
  | 'PairType'
  | 'PendingType'
  | 'SwitchoverType'
  | 'UnitType'
  | 'PathType'
  | 'TagType'
  | 'UpsType'
  | 'SupervisorType'

type TypeRow = {
  readonly name: TypeName
  readonly text: string
  /** Browse name of the parent type; `DeviceType` is DI's. */
  readonly parent: 'BaseObjectType' | 'DeviceType'
  readonly rows: readonly Omit<Row<never>, 'of'>[]
  readonly methods: readonly MethodRow[]
  /** NodeId of its objects, with the names of the plant file in capitals. */
  readonly at: string
}

const plain = 'BaseObjectType'

/** Every type, each after the ones that it needs. */
export const typeRows: readonly TypeRow[] = [
  {
    ...{ name: 'PathType', parent: plain, rows: pathRows, methods: [] },
    ...{ text: 'One way to reach a unit.', at: 'Pairs.PAIR.Units.UNIT.Paths[PATH]' },
  },
  {
    ...{ name: 'UnitType', parent: 'DeviceType', rows: unitRows, methods: unitMethods },
    ...{ text: 'One controller of a pair.', at: 'Pairs.PAIR.Units.UNIT' },
  },
  {
    ...{ name: 'TagType', parent: plain, rows: tagRows, methods: [] },
    text: 'A value that is compared between the two units: `A` and `B` hold it.',
    at: 'Pairs.PAIR.Tags[TAG]',
  },
  {
    ...{ name: 'PendingType', parent: plain, rows: pendingRows, methods: [] },
    ...{ text: 'The proposal that waits for an answer.', at: 'Pairs.PAIR.Switchover.Pending' },
  },
  {
    ...{ name: 'SwitchoverType', parent: plain, rows: [], methods: switchoverMethods },
    text: 'The switchover of a pair: what is pending, and the methods to order and answer it.',
    at: 'Pairs.PAIR.Switchover',
  },
  {
    ...{ name: 'PairType', parent: plain, rows: pairRows, methods: pairMethods },
    ...{ text: 'Two controllers that do one job.', at: 'Pairs.PAIR' },
  },
  {
    ...{ name: 'UpsType', parent: plain, rows: upsRows, methods: [] },
    ...{ text: 'An uninterruptible power supply.', at: 'Power.UPS' },
  },
  {
    ...{ name: 'SupervisorType', parent: plain, rows: supervisorRows, methods: [] },
    ...{ text: 'The supervisor itself.', at: 'Supervisor' },
  },
]

/** What an answer of the supervisor is as a status code. */
export const answerStatus = {
  accepted: 'Good',
  obstacles: 'BadRequestNotAllowed',
  'evidence-changed': 'BadNoMatch',
  expired: 'BadTimeout',
  busy: 'BadInvalidState',
  forbidden: 'BadUserAccessDenied',
  'not-found': 'BadNotFound',
  invalid: 'BadInvalidArgument',
} as const satisfies Readonly<Record<AnswerCode, string>>

/** Fields of our alarms beside those of the standard. */
export const alarmFields = {
  AlarmId: 'Name of the alarm at every door.',
  Consequence: 'What follows from it.',
  Action: 'What to do.',
} as const

/** Severity of an alarm by its priority, 1 to 1000. */
export const severities = { 1: 900, 2: 700, 3: 400, 4: 100 } as const
