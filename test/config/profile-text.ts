// Small sound profiles of a site's own, and what the loader says of a changed copy of one. The plant file is the sound one that
// uses it.

import assert from 'node:assert/strict'
import { changed, loadText } from './plant-text.ts'

export const upsText = `name: own
kind: ups
verified: false
source: a document
signals:
  online: { at: 'hr:0.1', type: bit, unknown_when: [65535] }
  on_battery: { at: 'hr:0.2', type: bit }
  mode: { at: 'hr:1', type: uint16, names: { 1: normal, 2: eco } }
  charge_pct: { at: 'hr:2', type: uint16 }
  battery_low: { at: 'hr:3.0', type: bit }
derive:
  state:
    - { when: { on_battery: true }, is: on battery }
    - { when: { online: true, mode: normal }, is: on mains }
`

export const unitText = `name: own
kind: unit
verified: false
source: a document
signals:
  role: { at: { modbus: 'hr:1000.0-1', opcua: 'ns=2;s=STATE#0-1' }, type: bits, names: { 1: primary, 2: standby } }
  identity: { at: 'hr:1001', type: uint16, names: { 1: A, 2: B } }
  inhibit_link_error: { at: 'hr:1002.0', type: bit }
derive:
  running:
    - { when: { role: primary }, is: true }
    - { when: {}, is: false }
`

/** A profile with one place changed, and every line that is told of it. */
export type BadProfile = readonly [
  what: string,
  text: string,
  from: string,
  to: string,
  lines: readonly string[],
]

/** The lines that are told of a profile under the name "own" in the sound plant file. */
export async function profileLines(text: string): Promise<readonly string[]> {
  const unit = text.includes('kind: unit')
  const shipped = unit ? 'profile: bumpless-block\n    mode: supervise' : 'profile: demo-ups'
  const plant = changed(shipped, 'profile: own')
  return (await loadText(plant, { 'profiles/own.yaml': text })).lines
}

/** Runs a table; each row must be refused with exactly its lines. */
export function refusesProfiles(table: readonly BadProfile[]): void {
  for (const [what, text, from, to, lines] of table) {
    it(`refuses ${what}`, async () => {
      const parts = text.split(from)
      assert.equal(parts.length, 2, `"${from}" stands ${parts.length - 1} times in the profile`)
      assert.deepEqual(await profileLines(parts.join(to)), lines)
    })
  }
}
