// The nodes by which clients judge the server itself: ServiceLevel, redundancy, and when it will be back. A server that runs alone
// says so.

import {
  type AddressSpace,
  DataType,
  VariableIds as Ids,
  type UAVariable,
  type VariableIds,
  Variant,
} from 'node-opcua'

export type LevelNodes = {
  /** Shows the level; clients that watch it are told. */
  show(level: number): void
  /** Tells when the service is expected again, Unix ms. */
  back(atMs: number): void
}

export function bindLevel(addressSpace: AddressSpace): LevelNodes {
  let shown = 0
  let backMs: number | undefined
  const level = variable(addressSpace, Ids.Server_ServiceLevel)
  const levelNow = () => new Variant({ dataType: DataType.Byte, value: shown })
  level.bindVariable({ get: levelNow }, true)
  const back = variable(addressSpace, Ids.Server_EstimatedReturnTime)
  const backNow = () =>
    new Variant({ dataType: DataType.DateTime, value: new Date(backMs ?? Number.NaN) })
  variable(addressSpace, Ids.Server_ServerRedundancy_RedundancySupport).setValueFromSource({
    dataType: DataType.Int32,
    value: 0,
  })
  return {
    show: (now) => {
      if (now === shown) return
      shown = now
      level.setValueFromSource(levelNow())
    },
    back: (atMs) => {
      backMs = atMs
      back.bindVariable({ get: backNow }, true)
      back.setValueFromSource(backNow())
    },
  }
}

function variable(addressSpace: AddressSpace, id: VariableIds): UAVariable {
  const node = addressSpace.findNode(`i=${id}`)
  if (node === null || !('setValueFromSource' in node)) throw new Error(`no variable i=${id}`)
  return node as UAVariable
}
