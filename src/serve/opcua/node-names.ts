// NodeIds, made from names of the plant file, so that they are the same after every restart. Names of tags, paths and alarms may
// hold dots and stand in brackets, which no name may hold: two nodes can never get the same one.

import type { UnitId } from '../../core/plant.ts'

export const namespaceUri = 'urn:bumpless:supervisor'

export const pairId = (pair: string): string => `Pairs.${pair}`
export const unitId = (pair: string, unit: UnitId): string => `${pairId(pair)}.Units.${unit}`
export const pathId = (pair: string, unit: UnitId, path: string): string =>
  `${unitId(pair, unit)}.Paths[${path}]`
export const tagId = (pair: string, tag: string): string => `${pairId(pair)}.Tags[${tag}]`
export const switchoverId = (pair: string): string => `${pairId(pair)}.Switchover`
export const pendingId = (pair: string): string => `${switchoverId(pair)}.Pending`
export const upsId = (ups: string): string => `Power.${ups}`
export const supervisorId = 'Supervisor'
export const alarmId = (alarm: string): string => `Alarms[${alarm}]`
/** One for each proposal and each evidence that was shown for it, so that an answer can only mean what was on the screen. */
export const dialogId = (pair: string, proposal: string, revision: number): string =>
  `${switchoverId(pair)}.ConfirmationDialog[${proposal}.${revision}]`
