// What belongs to the product but not to this version is refused in so many words, never ignored.

import { type BadFile, refusesEach } from './plant-text.ts'

const table: readonly BadFile[] = [
  [
    'a UPS over OPC UA',
    "modbus: 'tcp://10.1.0.20:502'",
    "opcua: 'opc.tcp://10.1.0.20:4840'",
    [
      'plant.yaml:25:39 ups[0].opcua: reaching a UPS over OPC UA is not in this version; use modbus, nut or snmp',
    ],
  ],
]

describe('A plant file that asks for what this version does not do', () => {
  refusesEach(table)
})
