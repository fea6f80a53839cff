// The plant file: every key, its range, its default and what it means, once. The program, the editor's schema, the manual's
// table and the faults that a person reads are all made from here.

import { z } from 'zod'
import { alarmsSchema } from './alarms-schema.ts'
import { bumpKeys } from './bump-schema.ts'
import { digestSchema } from './digest-schema.ts'
import { unitPathSchema, upsPathKeys } from './path-schema.ts'
import { policySchema, windowSchema } from './policy-schema.ts'
import { folder, httpSchema, journalSchema, opcuaSchema, recorderSchema } from './service-schema.ts'
import { syncSchema } from './sync-schema.ts'

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, {
    error: 'a name is 1 to 40 letters, digits, "-" and "_", and begins with a letter or digit',
  })
  .refine((text) => !(text in {}), { error: 'this word cannot be used as a name' })

const text = z.string().regex(/\S/, { error: 'must not be empty' }).max(200)

const whole = (lowest: number, highest: number): z.ZodInt => z.int().min(lowest).max(highest)

const upsNames = z.array(name).max(8).default([])

const power = z
  .strictObject({
    any_of: upsNames.describe('UPS units of which at least one must be sound.'),
    all_of: upsNames.describe('UPS units that must all be sound.'),
  })
  .prefault({})
  .describe('The UPS units that feed the unit. Without any, nothing is asked of its power.')

const programExpected =
  'expected a whole number from 0 to 0xFFFFFFFF, best written in hex: 0x1234ABCD'
const program = z
  .union(
    [whole(0, 0xffff_ffff), z.string().regex(/^0x[0-9A-Fa-f]{1,8}$/, { error: programExpected })],
    { error: programExpected },
  )
  .optional()
  .describe('Program checksum that the unit must show. Without it, A and B must only be equal.')

const unitSchema = z.strictObject({
  location: text.describe('Where the unit stands; people read it, and `check` compares it.'),
  number: whole(1, 65535)
    .optional()
    .describe(
      'Block unit number of the controller, unique on the site; needed for profiles with a status block.',
    ),
  program,
  power,
  paths: z
    .array(unitPathSchema)
    .min(1, { error: 'at least one path is needed' })
    .max(2, { error: 'two paths at most' })
    .describe(
      'How the unit is reached, the preferred path first; a second one takes over at once.',
    ),
})

export const dataTypes = [
  'bool',
  'bit',
  'bits',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
  'bcd16',
  'bcd32',
  'string',
] as const

const tagClasses = [
  'identity',
  'discrete',
  'enum',
  'setpoint',
  'analog',
  'analog-own-sensor',
  'integrator',
  'counter',
  'timestamp',
  'volatile',
] as const

/** Keys that a tag and a profile's signal share: how registers become a value. */
export const decoding = {
  word_order: z
    .enum(['big', 'little'])
    .default('big')
    .describe('Which word of a 32- or 64-bit value comes first: big is the high word.'),
  byte_order: z
    .enum(['big', 'little'])
    .default('big')
    .describe('Which byte of each word comes first: big is the high byte, as Modbus has it.'),
  scale: z
    .number()
    .refine((scale) => scale !== 0, { error: 'must not be 0' })
    .default(1)
    .describe('value = raw x scale + offset.'),
  offset: z.number().default(0).describe('value = raw x scale + offset.'),
  unknown_when: z
    .array(z.number())
    .max(16)
    .default([])
    .describe('Raw values that mean "not known", for example 65535.'),
  names: z
    .record(z.string().regex(/^\d{1,5}$/, { error: 'a raw number from 0 to 65535' }), text)
    .optional()
    .describe('Raw number to word, for enumerations: `{ 1: manual, 2: automatic }`.'),
}

export const tagSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][\w.:/-]{0,59}$/, {
      error: 'a tag name is 1 to 60 letters, digits and . _ : / -, and begins with a letter',
    })
    .refine((tag) => !(tag in {}), { error: 'this word cannot be used as a name' })
    .describe('Name of the tag, unique in the pair.'),
  at: z
    .union(
      [z.string(), z.strictObject({ modbus: z.string().optional(), opcua: z.string().optional() })],
      { error: 'expected an address such as hr:100' },
    )
    .describe(
      'Address: `hr:100`, `ir:7`, `co:3`, `di:3`; a bit of a word `hr:110.0`, a field of bits `hr:110.4-7`; an OPC UA node ' +
        '`ns=2;s=LIC301.SP`, a bit of it `ns=2;s=STATUS#3`. For units with both kinds of path `{ modbus: hr:100, opcua: ns=2;s=X }`.',
    ),
  type: z.enum(dataTypes).describe('How the value is stored.'),
  words: whole(1, 125).optional().describe('Number of registers of a string.'),
  word_order: decoding.word_order,
  byte_order: decoding.byte_order,
  class: z.enum(tagClasses).describe('How the value is compared between the units.'),
  tolerance: z
    .number()
    .min(0)
    .default(0)
    .describe("Largest difference that still counts as equal, in the tag's own unit."),
  units: z.string().max(20).default('').describe('Engineering unit, as shown.'),
  critical: z
    .boolean()
    .default(false)
    .describe('A difference in a critical tag blocks a switchover; in any other it is shown.'),
  scale: decoding.scale,
  offset: decoding.offset,
  unknown_when: decoding.unknown_when,
  names: decoding.names,
  ...bumpKeys,
})

const siteGate = z.strictObject({
  name: text.describe('The condition in words: "no batch running".'),
  tag: z.string().describe("Tag of the pair that is looked at, on the primary's side."),
  equals: z
    .union([z.number(), z.string(), z.boolean()], {
      error: 'expected a number, a word or true or false',
    })
    .describe('Value that the tag must have.'),
  override: z
    .enum(['operator', 'supervisor', 'engineer'])
    .optional()
    .describe('Role that may override the gate, with a reason. Without it: nobody.'),
})

export const gatesSchema = z.strictObject({
  lost_ms: whole(100, 60_000)
    .default(1500)
    .describe('A unit without an answer for so long is lost.'),
  fresh_ms: whole(50, 60_000)
    .default(1000)
    .describe('Values older than this count as stale, and stale never satisfies a gate.'),
  heartbeat_ms: whole(50, 60_000)
    .default(1000)
    .describe('A heartbeat that stands still for so long is frozen.'),
  sync_dwell_s: whole(1, 3600).default(30).describe('The pair must have been in sync for so long.'),
  coverage_pct: whole(1, 100).default(90).describe('Share of the tags that must have a verdict.'),
  verdict_age_s: whole(1, 3600)
    .default(30)
    .describe('Assisted failover: age of the last in-sync verdict before the loss, at most.'),
  ups_runtime_s: whole(0, 86_400)
    .default(300)
    .describe('Battery runtime that the target must have left.'),
  scan_time_ms_max: whole(1, 1000)
    .default(100)
    .describe("Longest scan time of a controller's program."),
  load_pct_max: whole(1, 100).default(85).describe('Highest load of a controller.'),
  budget_margin_s: z
    .number()
    .min(0)
    .max(3600)
    .default(5)
    .describe('Time that a tag with limits must have left beyond the usual switch time.'),
  requalify_s: whole(1, 86_400)
    .default(60)
    .describe('A unit that comes back must answer for so long before it counts as qualified.'),
  site: z.array(siteGate).max(32).default([]).describe("The site's own conditions on tags."),
})

export const pairSchema = z.strictObject({
  name: name.describe('Name of the pair; the operator types it to confirm.'),
  profile: name.describe('Device type of both units: the name of a file in `profiles/`.'),
  mode: z
    .enum(['supervise', 'observe'])
    .optional()
    .describe(
      'supervise: switchovers may be ordered; observe: nothing is ever written. ' +
        'Default: supervise for a verified profile, observe for any other.',
    ),
  peer_interlock: z
    .enum(['none', 'wired'])
    .default('none')
    .describe(
      'wired: at each unit a hard-wired contact says whether the outputs of the other one are dead.',
    ),
  criticality: z.enum(['low', 'medium', 'high']).default('medium').describe('How much it matters.'),
  tolerates_s: z
    .number()
    .min(0.1)
    .max(3600)
    .default(10)
    .describe('Interruption of control that the process tolerates.'),
  scan_ms: whole(20, 10_000).default(200).describe('Period of reading both units.'),
  burst_ms: whole(20, 1000).default(50).describe('Period of reading while a switchover runs.'),
  timeout_ms: whole(50, 5000).default(500).describe('Longest wait for one answer.'),
  units: z.strictObject({ A: unitSchema, B: unitSchema }).describe('The two controllers.'),
  tags: z.array(tagSchema).max(2000).default([]).describe('Values that are compared and shown.'),
  sync: syncSchema.prefault({}).describe('How the values of the two units are compared.'),
  digest: digestSchema
    .optional()
    .describe('Digests that both controllers make of their data; without it none are read.'),
  gates: gatesSchema.prefault({}).describe('Limits of the conditions for a switchover.'),
  policy: policySchema.prefault({}).describe('Who must do what to confirm a switchover.'),
})

export const upsSchema = z.strictObject({
  name: name.describe('Name of the UPS, as the units name it under `power`.'),
  profile: name.describe('Device type: the name of a file in `profiles/`.'),
  ...upsPathKeys,
  scan_ms: whole(100, 60_000).default(1000).describe('Period of reading.'),
  timeout_ms: whole(50, 5000).default(1000).describe('Longest wait for one answer.'),
  lost_ms: whole(500, 600_000)
    .default(5000)
    .describe('A UPS without an answer for so long is lost.'),
})

export const plantSchema = z
  .strictObject({
    site: text.describe('Name of the site, as shown.'),
    cycle_ms: whole(20, 1000).default(100).describe('Period of the decisions.'),
    mode: z
      .enum(['supervise', 'observe'])
      .default('supervise')
      .describe('observe: nothing is ever written to any device.'),
    maintenance_windows: z
      .array(windowSchema)
      .max(20)
      .default([])
      .describe('Hours of the week in which `failback: window` may propose the way back.'),
    journal: journalSchema.prefault({}).describe('Where the journal is kept.'),
    recorder: recorderSchema
      .prefault({})
      .describe('A recording of the last inputs, with which decisions can be replayed.'),
    http: httpSchema.prefault({}).describe('The door for browsers and commands.'),
    opcua: opcuaSchema
      .optional()
      .describe('The door for SCADA clients; without this key there is none.'),
    alarms: alarmsSchema.prefault({}).describe('How alarms are handled.'),
    users: folder.default('data/users.yaml').describe('File of the accounts (mode 0600).'),
    pairs: z
      .array(pairSchema)
      .min(1, { error: 'at least one pair is needed' })
      .max(200)
      .describe('The pairs of controllers.'),
    ups: z.array(upsSchema).max(100).default([]).describe('The UPS units.'),
  })
  .describe('Plant file of bumpless.')

/** The plant file after checking, with every default filled in. */
export type PlantFile = z.output<typeof plantSchema>
export type PairEntry = PlantFile['pairs'][number]
export type TagEntry = PairEntry['tags'][number]
export type UpsEntry = PlantFile['ups'][number]
