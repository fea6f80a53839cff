// The OPC UA door with a history in a folder of its own, a client, and a tag that the test moves.

import assert from 'node:assert/strict'
import { type DataValue, HistoryData, type HistoryReadResult } from 'node-opcua'
import { temporaryFolder } from '../fixture.ts'
import { pairOf } from '../view.ts'
import type { StandardClient } from './client.ts'
import { type DoorRig, startDoorRig } from './door-rig.ts'

export const tag = 'Pairs.intake.Tags[LIC301.SP].A'

export type HistoryRig = {
  readonly rig: DoorRig
  readonly anna: StandardClient
  /** Folder of the history. */
  readonly folder: string
  /** Nothing was kept before. */
  readonly beganMs: number
  /** Resolves when clients see the value. */
  showTag(value: number): Promise<void>
  stop(): Promise<void>
}

/** In another folder where the test brings one; it then also clears up. */
export async function startHistoryRig(given?: string): Promise<HistoryRig> {
  const place = given === undefined ? await temporaryFolder() : undefined
  const folder = given ?? place?.folder ?? ''
  const beganMs = Date.now()
  const rig = await startDoorRig({ history: { folder, keepDays: 1, maxMb: 20, tagMs: 0 } })
  const anna = await rig.client('anna')
  return {
    ...{ rig, anna, folder, beganMs },
    showTag: async (value) => {
      const { tags } = pairOf('intake')
      const changed = tags.map((one) => ({ ...one, a: String(value) }))
      rig.show({ pairs: [pairOf('intake', { tags: changed }), pairOf('filters')] })
      for (let left = 300; (await anna.value(tag)) !== value; left -= 1) {
        assert.ok(left > 0, `the tag never shows ${value}`)
        await new Promise((done) => setTimeout(done, 10))
      }
    },
    stop: async () => {
      await rig.stop()
      await place?.remove()
    },
  }
}

export const dataOf = ({ historyData }: HistoryReadResult): readonly DataValue[] =>
  historyData instanceof HistoryData ? (historyData.dataValues ?? []) : []

export const numbersOf = (values: readonly DataValue[]): (number | null)[] =>
  values.map(({ value }) => (typeof value?.value === 'number' ? value.value : null))
