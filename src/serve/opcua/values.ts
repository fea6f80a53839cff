// Every variable of the plant with its value, as a pure function of the view: NodeId name to reading. The server only carries
// these over into its nodes.

import { unitIds } from '../../core/plant.ts'
import type { PairView, UnitView, View } from '../../core/view.ts'
import type { PairLayout } from './layout.ts'
import { pairRows, pendingRows, tagReading, tagRows } from './model-pair.ts'
import { deviceHealth, pathRows, supervisorRows, unitRows, upsRows } from './model-unit.ts'
import { pairId, pathId, pendingId, supervisorId, tagId, unitId, upsId } from './node-names.ts'
import type { Reading } from './reading.ts'
import type { Row } from './rows.ts'

export type Show = (node: string, reading: Reading) => void

/** Shows everything of one pair. */
export function showPair(pair: PairView, layout: PairLayout, wallMs: number, show: Show): void {
  const subject = { pair, wallMs }
  showRows(pairId(pair.name), pairRows, subject, show)
  showRows(pendingId(pair.name), pendingRows, subject, show)
  for (const id of unitIds) showUnit(pair.name, pair.units[id], wallMs, show)
  for (const [index, tag] of pair.tags.entries()) {
    const type = layout.tags[index]?.type ?? 'String'
    const node = tagId(pair.name, tag.name)
    const tagSubject = { ...subject, tag, type }
    for (const unit of unitIds) show(`${node}.${unit}`, tagReading(tagSubject, unit))
    showRows(node, tagRows, tagSubject, show)
  }
}

/** Shows UPS units and the supervisor; `history` says how that stands. */
export function showRest(view: Omit<View, 'pairs'>, history: string, show: Show): void {
  const { wallMs } = view
  for (const ups of view.ups) showRows(upsId(ups.name), upsRows, { ups, wallMs }, show)
  showRows(supervisorId, supervisorRows, { view, wallMs, history }, show)
}

function showUnit(pair: string, unit: UnitView, wallMs: number, show: Show): void {
  const subject = { unit, wallMs }
  showRows(unitId(pair, unit.unit), unitRows, subject, show)
  show(`${unitId(pair, unit.unit)}.DeviceHealth`, deviceHealth(subject))
  for (const path of unit.paths) {
    showRows(pathId(pair, unit.unit, path.name), pathRows, { path, wallMs }, show)
  }
}

function showRows<Subject>(
  node: string,
  rows: readonly Row<Subject>[],
  subject: Subject,
  show: Show,
): void {
  for (const { name, of } of rows) show(`${node}.${name}`, of(subject))
}
