// Text that is not the YAML that a plant file may be made of.

import { type BadFile, refusesEach } from './plant-text.ts'

const table: readonly BadFile[] = [
  [
    'a bracket that is never closed',
    '{ all_of: [ups-1] }',
    '{ all_of: [ups-1 }',
    [
      'plant.yaml:16:33 YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
      'plant.yaml:17:9 YAML: Flow map in block collection must be sufficiently indented and end with a }',
    ],
  ],
  [
    'a tab for indentation',
    '        number: 11',
    '	number: 11',
    [
      'plant.yaml:10:1 YAML: Tabs are not allowed as indentation',
      'plant.yaml:10:10 YAML: Nested mappings are not allowed in compact mappings',
      'plant.yaml:10:10 YAML: Implicit keys need to be on a single line',
      'plant.yaml:12:1 YAML: All mapping items must start at the same column',
      'plant.yaml:13:1 YAML: All mapping items must start at the same column',
      'plant.yaml:18:1 YAML: All mapping items must start at the same column',
      'plant.yaml:22:1 YAML: All mapping items must start at the same column',
      'plant.yaml:23:1 YAML: All mapping items must start at the same column',
    ],
  ],
  [
    'a key that stands twice',
    'mode: supervise',
    'mode: supervise\n    mode: observe',
    ['plant.yaml:6:5 this key stands twice in the same place'],
  ],
  [
    'an alias',
    'name: intake',
    'name: &n intake',
    ['plant.yaml:3:14 anchors and aliases are not used in this file; write the value out'],
  ],
  [
    'a second document',
    'site: Westhaven',
    'site: Westhaven\n---\nsite: Easthaven',
    [
      'plant.yaml:1:1 pairs: missing; expected a list',
      'plant.yaml:2:1 only one YAML document may stand in the file',
    ],
  ],
  [
    'a key that stands twice beside another fault',
    'mode: supervise',
    'mode: supervise\n    mode: observe\n    tolerates_s: -1',
    [
      'plant.yaml:6:5 this key stands twice in the same place',
      'plant.yaml:7:18 pairs[0].tolerates_s: must be at least 0.1, found -1',
    ],
  ],
  [
    'a tag that YAML does not know',
    'site: Westhaven',
    'site: !place Westhaven',
    ['plant.yaml:1:7 YAML: Unresolved tag: !place'],
  ],
]

describe('A plant file that is not sound YAML', () => {
  refusesEach(table)
})
