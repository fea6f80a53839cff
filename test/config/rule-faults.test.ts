// Things that are right in themselves and wrong together: overlaps, names, feeds, gates and times.

import { type BadFile, refusesEach } from './plant-text.ts'

const table: readonly BadFile[] = [
  [
    'two tags in one register',
    "'hr:102'",
    "'hr:101'",
    ['plant.yaml:20:27 pairs[0].tags[1].at: hr:101 belongs to tag "LEVEL" already'],
  ],
  [
    'two tags in one bit',
    "name: MODE, at: 'hr:102', type: uint16, class: enum, names: { 1: manual, 2: auto }",
    "name: RUN, at: 'hr:103.0', type: bit, class: discrete",
    ['plant.yaml:21:27 pairs[0].tags[2].at: hr:103.0 belongs to tag "RUN" already'],
  ],
  [
    'a tag in the status block',
    "'hr:102'",
    "'hr:1021'",
    ['plant.yaml:20:27 pairs[0].tags[1].at: hr:1021 belongs to the status block already'],
  ],
  [
    'a tag that reaches into the status block',
    "'hr:100'",
    "'hr:999'",
    ['plant.yaml:19:28 pairs[0].tags[0].at: hr:1000 belongs to the status block already'],
  ],
  [
    'a tag in the command block',
    "'hr:102'",
    "'hr:1117'",
    ['plant.yaml:20:27 pairs[0].tags[1].at: hr:1117 belongs to the command block already'],
  ],
  [
    'a tag on a signal of the profile',
    "'hr:102'",
    "'hr:1022'",
    [
      'plant.yaml:20:27 pairs[0].tags[1].at: hr:1022 belongs to the profile\'s signal "program" already',
    ],
  ],
  [
    'a tag that is there twice',
    'name: MODE',
    'name: LEVEL',
    ['plant.yaml:20:17 pairs[0].tags[1].name: the tag "LEVEL" is there already'],
  ],
  [
    'a tolerance for a value that is compared exactly',
    'type: bit',
    'type: bit, tolerance: 1',
    [
      'plant.yaml:21:61 pairs[0].tags[2].tolerance: the class discrete is compared exactly; leave the tolerance away',
    ],
  ],
  [
    'a UPS with the name of a pair',
    'name: ups-1, profile',
    'name: Intake, profile',
    [
      'plant.yaml:11:27 pairs[0].units.A.power.any_of[0]: there is no UPS "ups-1"',
      'plant.yaml:16:27 pairs[0].units.B.power.all_of[0]: there is no UPS "ups-1"',
      'plant.yaml:25:13 ups[0].name: the name "intake" is taken already',
    ],
  ],
  [
    'a UPS that does not exist',
    'any_of: [ups-1]',
    'any_of: [ups-2]',
    [
      'plant.yaml:11:27 pairs[0].units.A.power.any_of[0]: there is no UPS "ups-2"; did you mean "ups-1"?',
    ],
  ],
  [
    'units at the same address',
    '10.1.0.12',
    '10.1.0.11',
    [
      'plant.yaml:17:27 pairs[0].units.B.paths[0].modbus: pairs[0].units.A has the same address and unit identifier',
    ],
  ],
  [
    'a UPS at the address of a unit',
    '10.1.0.20',
    '10.1.0.12',
    ['plant.yaml:25:47 ups[0].modbus: pairs[0].units.B has the same address and unit identifier'],
  ],
  [
    'equal block numbers',
    'number: 12',
    'number: 11',
    [
      'plant.yaml:15:17 pairs[0].units.B.number: pairs[0].units.A has the block unit number 11 already; it must be unique on the site',
    ],
  ],
  [
    'a site gate on a tag that does not exist',
    'tag: PUMP',
    'tag: PUMPS',
    [
      'plant.yaml:22:45 pairs[0].gates.site[0].tag: the pair has no tag "PUMPS"; did you mean "PUMP"?',
    ],
  ],
  [
    'a site gate that a bit can never meet',
    'equals: true',
    'equals: 1',
    [
      'plant.yaml:22:59 pairs[0].gates.site[0].equals: "PUMP" is true or false, so it never equals 1',
    ],
  ],
  [
    'a site gate that a named value can never meet',
    'tag: PUMP, equals: true',
    'tag: MODE, equals: automatic',
    [
      'plant.yaml:22:59 pairs[0].gates.site[0].equals: "MODE" is manual or auto, so it never equals "automatic"',
    ],
  ],
  [
    'a site gate that a number can never meet',
    'tag: PUMP, equals: true',
    'tag: LEVEL, equals: high',
    [
      'plant.yaml:22:60 pairs[0].gates.site[0].equals: "LEVEL" is a number, so it never equals "high"',
    ],
  ],
  [
    'a profile that does not exist',
    'profile: demo-ups',
    'profile: apc-smart',
    [
      'plant.yaml:25:29 ups[0].profile: no profile "apc-smart"; looked for profiles/apc-smart.yaml and PRODUCT/config/profiles/apc-smart.yaml',
    ],
  ],
  [
    'a UPS profile for a pair',
    'profile: bumpless-block',
    'profile: demo-ups',
    [
      'plant.yaml:4:14 pairs[0].profile: "demo-ups" is a profile for a UPS; a pair needs one for a controller',
    ],
  ],
  [
    'a unit profile for a UPS',
    'profile: demo-ups',
    'profile: bumpless-block',
    [
      'plant.yaml:25:29 ups[0].profile: "bumpless-block" is a profile for a controller; a UPS needs one of its own kind',
    ],
  ],
  [
    'journal copies in one folder',
    'site: Westhaven',
    'site: Westhaven\njournal: { copies: [data/j, ./data/j/] }',
    ['plant.yaml:2:29 journal.copies[1]: this copy is in the same folder as another'],
  ],
  [
    'a journal copy inside another',
    'site: Westhaven',
    'site: Westhaven\njournal: { copies: [data/j, data/j/b] }',
    ['plant.yaml:2:29 journal.copies[1]: this copy is inside the folder of another, data/j'],
  ],
  [
    'a burst slower than the scan',
    'scan_ms: 200',
    'scan_ms: 200\n    burst_ms: 300',
    ['plant.yaml:6:14 pairs[0].scan_ms: 200 must not be shorter than burst_ms (300)'],
  ],
  [
    'values that could never be fresh',
    'gates: {',
    'gates: { fresh_ms: 150,',
    [
      'plant.yaml:22:24 pairs[0].gates.fresh_ms: 150 must be longer than scan_ms (200), or values would never be fresh',
    ],
  ],
  [
    'a unit that would always be lost',
    'gates: {',
    'gates: { lost_ms: 100, fresh_ms: 300,',
    [
      'plant.yaml:22:23 pairs[0].gates.lost_ms: 100 must be longer than scan_ms (200), or every unit would be lost',
      'plant.yaml:22:23 pairs[0].gates.lost_ms: 100 must not be shorter than fresh_ms (300)',
    ],
  ],
  [
    'a heartbeat that would always be frozen',
    'gates: {',
    'gates: { heartbeat_ms: 200,',
    [
      'plant.yaml:22:28 pairs[0].gates.heartbeat_ms: 200 must be longer than scan_ms (200), or every unit would be frozen',
    ],
  ],
  [
    'a proposal made anew before it lapsed',
    'confirm_s: 60',
    'confirm_s: 600',
    [
      'plant.yaml:23:13 pairs[0].policy.propose_again_s: 120 must not be shorter than confirm_s (600)',
    ],
  ],
  [
    'a UPS that would always be lost',
    "10.1.0.20:502'",
    "10.1.0.20:502', scan_ms: 6000",
    [
      'plant.yaml:25:5 ups[0].lost_ms: 5000 must be longer than scan_ms (6000), or the UPS would be lost',
    ],
  ],
  [
    'a switchover that outlasts its selection',
    'gates: {',
    'gates: { scan_time_ms_max: 400,',
    [
      'plant.yaml:3:5 pairs[0]: from SELECT to OPERATE it may take 2350 ms (journal sync 50 + 2 cycles 200 + 2 burst polls 100 + 4 round trips 400 + 4 PLC scans 1600); it must stay under 2000 ms: shorten cycle_ms, burst_ms or gates.scan_time_ms_max',
    ],
  ],
]

describe('A plant file whose parts do not fit each other', () => {
  refusesEach(table)
})
