// The boundaries at which the supervisor is killed: what is waited for, what must be the last thing that the journal holds, and
// what a restart has to make of it.

import type { PlantState } from '../../plc-sim/state.ts'
import type { Line } from './journal-file.ts'

export type Units = PlantState['pairs'][string]['units']

export type Boundary = {
  readonly name: string
  /** Kinds of record of which one is the last that the journal holds; other kinds that tell nothing of the switchover may follow. */
  readonly last: readonly string[]
  /** The last record's unit, where it has one. */
  readonly unit?: 'A' | 'B'
  /** Seen in the journal, or at the units themselves. */
  readonly hit:
    | { readonly record: (line: Line) => boolean }
    | { readonly units: (units: Units) => boolean }
  /** An OPERATE may have left: the pair has to be stopped. */
  readonly operated?: true
  /** The fate of an OPERATE is not in the journal: a read has to find it out, and finds this. */
  readonly fate?: 'done' | 'not carried out'
  /** Who drives the process afterwards. */
  readonly active: 'A' | 'B' | 'nobody'
  /** Somebody confirms. */
  readonly confirmed?: true
  /** Somebody aborts once the first SELECT was taken. */
  readonly aborted?: true
}

const kind =
  (wanted: string, unit?: 'A' | 'B') =>
  ({ kind, data }: Line): boolean =>
    kind === wanted && (unit === undefined || data.unit === unit)
const phase =
  (wanted: string) =>
  ({ kind, data }: Line): boolean =>
    kind === 'phase' && data.phase === wanted

const confirmed = { confirmed: true } as const
const operated = { ...confirmed, operated: true } as const

export const boundaries: readonly Boundary[] = [
  {
    name: 'while preparing, with the intents of the claims on disk',
    last: ['claim-intent'],
    unit: 'B',
    hit: { record: kind('claim-intent', 'B') },
    active: 'A',
  },
  {
    name: 'while preparing, with the claims taken by the units',
    last: ['claim-intent', 'outcome'],
    hit: { units: ({ A, B }) => A.opcode === 'CLAIM' && B.opcode === 'CLAIM' },
    active: 'A',
  },
  {
    name: 'while its proposal waits for an answer',
    last: ['proposal'],
    hit: { record: kind('proposal') },
    active: 'A',
  },
  {
    name: 'with the confirmation on disk',
    last: ['phase'],
    hit: { record: phase('confirmed') },
    ...confirmed,
    active: 'A',
  },
  {
    name: "while demoting, before the demote's SELECT",
    last: ['select-intent'],
    unit: 'A',
    hit: { record: kind('select-intent', 'A') },
    ...confirmed,
    active: 'A',
  },
  {
    name: "while demoting, with the demote's SELECT taken by the unit",
    last: ['select-intent', 'outcome', 'operate-intent'],
    hit: { units: ({ A }) => A.selected },
    ...confirmed,
    active: 'A',
  },
  {
    name: "while demoting, before the demote's OPERATE",
    last: ['operate-intent'],
    unit: 'A',
    hit: { record: kind('operate-intent', 'A') },
    ...operated,
    fate: 'not carried out',
    active: 'A',
  },
  {
    name: "while demoting, with the demote's OPERATE taken by the unit",
    last: ['operate-intent'],
    unit: 'A',
    hit: { units: ({ A }) => A.opcode === 'OPERATE' },
    ...operated,
    fate: 'done',
    active: 'nobody',
  },
  {
    name: "while promoting, before the promote's SELECT",
    last: ['select-intent'],
    unit: 'B',
    hit: { record: kind('select-intent', 'B') },
    ...operated,
    active: 'nobody',
  },
  {
    name: "while promoting, with the promote's SELECT taken by the unit",
    last: ['select-intent', 'outcome', 'operate-intent'],
    hit: { units: ({ B }) => B.selected },
    ...operated,
    active: 'nobody',
  },
  {
    name: "while promoting, before the promote's OPERATE",
    last: ['operate-intent'],
    unit: 'B',
    hit: { record: kind('operate-intent', 'B') },
    ...operated,
    fate: 'not carried out',
    active: 'nobody',
  },
  {
    name: "while promoting, with the promote's OPERATE taken by the unit",
    last: ['operate-intent'],
    unit: 'B',
    hit: { units: ({ B }) => B.opcode === 'OPERATE' },
    ...operated,
    fate: 'done',
    active: 'B',
  },
  {
    name: 'while the new primary settles',
    last: ['phase'],
    hit: { record: phase('settling') },
    ...operated,
    active: 'B',
  },
  {
    name: 'while a selection is being cancelled',
    last: ['cancel-intent'],
    unit: 'A',
    hit: { record: kind('cancel-intent', 'A') },
    ...confirmed,
    aborted: true,
    active: 'A',
  },
]
