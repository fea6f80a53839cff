// Every alarm with its priority and words: condition, consequence, action. The manual's list is printed from here.

export type AlarmEntry = {
  readonly priority: 1 | 2 | 3 | 4
  readonly condition: string
  readonly consequence: string
  readonly action: string
  /** The condition must stand this long, ms. */
  readonly delayMs?: number
  /** The condition must be gone for this long before the alarm clears, ms. */
  readonly clearMs?: number
  /** Stays raised until it is acknowledged, and stands against a planned switchover until then. */
  readonly blocks?: true
  /** Raised by an event of one cycle; cleared by acknowledging it. */
  readonly latched?: true
  /** News about it ask for a new acknowledgement. */
  readonly realarms?: true
}

export const catalogue = {
  'both-primary': {
    priority: 1,
    condition: 'both units are primary',
    consequence: 'both drive the process and fight',
    action: 'take one unit out of control at its panel; the supervisor does not choose',
    blocks: true,
  },
  'none-primary': {
    priority: 1,
    condition: 'no unit is primary',
    consequence: 'the process runs without control',
    action: 'order a recovery: switchover to the fit unit',
    delayMs: 1000,
  },
  'primary-lost': {
    priority: 1,
    condition: 'the primary is lost',
    consequence: 'the process may run without control',
    action: 'judge the proposal; where there is none, clear its obstacles',
  },
  'proposal-unanswered': {
    priority: 2,
    condition: 'nobody answered the proposal',
    consequence: 'the process may still run without control',
    action: 'answer the next proposal, or order the switchover',
    realarms: true,
  },
  'proposal-escalated': {
    priority: 1,
    condition: 'proposals stay unanswered again and again',
    consequence: 'nobody is known to be in control, and nobody is answering for it',
    action:
      'send somebody to a screen and to the panels now; answer the proposal or order the switchover',
    realarms: true,
  },
  'failback-unanswered': {
    priority: 4,
    condition: 'nobody answered the proposal to go back',
    consequence: 'the pair stays on the unit that took over',
    action: 'answer the next proposal; a no ends the matter',
  },
  automatic: {
    priority: 2,
    condition: 'the supervisor has switched over without a person',
    consequence:
      'it does so no second time, and nothing planned starts, before somebody has looked',
    action: 'find out why the primary was lost; look at both units, then acknowledge',
    blocks: true,
    latched: true,
  },
  stopped: {
    priority: 1,
    condition: 'the switchover stopped half way',
    consequence: 'nobody may be primary until somebody decides',
    action: 'resolve: retry, restore or adopt',
  },
  'outcome-unknown': {
    priority: 1,
    condition: 'the outcome of a command is not known',
    consequence: 'the pair is held',
    action: 'wait for a read to settle it, or look at the unit and attest',
  },
  'role-changed': {
    priority: 2,
    condition: 'the primary changed and nobody here ordered it',
    consequence: 'the cause is not known',
    action: 'find out who or what switched, then acknowledge',
    blocks: true,
    latched: true,
  },
  'epoch-rollback': {
    priority: 2,
    condition: 'the retained epoch fell back',
    consequence: 'commands to this unit are refused',
    action: 'check the unit for restored or lost data; re-arm at its panel',
  },
  swapped: {
    priority: 2,
    condition: 'another unit answers at this address',
    consequence: 'nothing that it says is believed',
    action: 'check addresses and cabling',
  },
  damaged: {
    priority: 2,
    condition: 'the status block cannot be believed',
    consequence: 'the unit counts as not answering',
    action: 'check the function block and the register map',
  },
  frozen: {
    priority: 2,
    condition: 'the heartbeat stands still',
    consequence: 'nothing that the unit says is believed',
    action: 'check whether the controller is in RUN',
  },
  lost: {
    priority: 2,
    condition: 'the unit does not answer',
    consequence: 'no switchover to it is possible',
    action: 'check controller, power and network',
  },
  disputed: {
    priority: 2,
    condition: 'the paths to the unit tell different stories',
    consequence: 'nothing that the unit says is believed',
    action: 'find out which path lies: a gateway with old values, or another unit',
  },
  'path-swapped': {
    priority: 2,
    condition: 'another unit answers on this path',
    consequence: 'the path is not used; the next fault takes the unit away',
    action: 'check addresses and cabling of this path',
  },
  'lan-down': {
    priority: 2,
    condition: 'no unit is reached over this LAN',
    consequence: 'the units are read over their other path; the next fault takes them away',
    action: 'check the switch, the supply and the uplink of this LAN, and the port of this machine',
    delayMs: 1000,
    clearMs: 5000,
  },
  'path-down': {
    priority: 3,
    condition: 'a path to the unit does not work',
    consequence: 'the unit is read over its other path; the next fault takes it away',
    action: 'check the network, the gateway and the port of this path',
    delayMs: 1000,
    clearMs: 5000,
  },
  flapping: {
    priority: 3,
    condition: 'the unit goes fit and unfit again and again',
    consequence: 'it counts as unfit; nothing is proposed to it and nothing goes to it by itself',
    action: 'find the cause: power, network, program; then wait, or override with a reason',
  },
  'not-in-sync': {
    priority: 2,
    condition: 'the units differ',
    consequence: 'switchover blocked: it would bump the process',
    action: 'look at the differences; check the redundancy link',
    delayMs: 2000,
  },
  'clocks-differ': {
    priority: 3,
    condition: 'the clocks of the units differ',
    consequence:
      'time stamps jump at a switchover, and what runs by the clock runs at another time',
    action: 'check the time synchronisation of both controllers',
    delayMs: 2000,
    clearMs: 10_000,
  },
  'program-differs': {
    priority: 2,
    condition: 'program, firmware or configuration differ',
    consequence: 'switchover blocked',
    action: 'load the same program into both units',
    delayMs: 1000,
  },
  held: {
    priority: 2,
    condition: 'held since the restart of the supervisor',
    consequence: 'no order is taken',
    action: 'look at both units, then resume or resolve',
  },
  unresumed: {
    priority: 3,
    condition: 'restarted; nobody has resumed these pairs',
    consequence: 'if a primary is lost there, nothing is proposed',
    action: 'look at the pairs, then resume each (resolve PAIR resume) or order a switchover',
  },
  'ups-on-battery': {
    priority: 2,
    condition: 'on battery',
    consequence: 'the units fed by it run on stored energy',
    action: 'restore the mains; consider a switchover to the other feed',
  },
  'ups-low': {
    priority: 1,
    condition: 'battery low',
    consequence: 'the units fed by it will stop',
    action: 'switch to the unit on the other feed now',
  },
  'ups-off': {
    priority: 2,
    condition: 'off or on bypass',
    consequence: 'no battery stands behind the units fed by it',
    action: 'bring the UPS back to normal operation; consider a switchover to the other feed',
    delayMs: 5000,
  },
  'ups-lost': {
    priority: 3,
    condition: 'the UPS does not answer',
    consequence: 'its feed counts as unknown',
    action: 'check the UPS and its network',
    clearMs: 10_000,
  },
  'ups-unknown': {
    priority: 3,
    condition: 'the UPS answers, but its state is not known',
    consequence: 'its feed counts as unknown',
    action: 'read it with `bumpless probe`; check the profile and the UPS',
    delayMs: 5000,
    clearMs: 10_000,
  },
  'ups-battery': {
    priority: 3,
    condition: 'replace the battery',
    consequence: 'runtime not assured',
    action: 'plan the replacement',
    // Some units say so for about a minute, once or twice a day (nut issue 3623).
    delayMs: 120_000,
  },
  journal: {
    priority: 1,
    condition: 'a journal copy has failed',
    consequence: 'no command can leave',
    action: 'repair the disk, then restart the supervisor',
  },
  'alarm-flood': {
    priority: 2,
    condition: 'alarms come faster than a person can follow',
    consequence: 'an alarm that matters may be overlooked',
    action: 'look at the root alarms first; then put aside what chatters',
  },
  clock: {
    priority: 3,
    condition: 'the clock jumped, or the supervisor was suspended',
    consequence: 'proposals were revoked',
    action: 'check time synchronisation and the host',
    latched: true,
  },
  overrun: {
    priority: 3,
    condition: 'the cycle is late',
    consequence: 'slower detection; commands are held back',
    action: 'check the load of the host',
    delayMs: 2000,
    clearMs: 5000,
  },
  recording: {
    priority: 4,
    condition: 'the inputs are not being recorded',
    consequence: 'this time cannot be replayed; the journal and all decisions are not touched',
    action: 'check the disk of the recording and its space',
    delayMs: 2000,
  },
  history: {
    priority: 4,
    condition: 'no history is being kept for SCADA clients',
    consequence: 'trends have a gap; live values, the journal and all decisions are not touched',
    action: 'check the disk of the history and its space',
    delayMs: 2000,
  },
  observe: {
    priority: 4,
    condition: 'observe-only',
    consequence: 'nothing is ever written',
    action: 'set mode to supervise when the pair may be commanded',
  },
} as const satisfies Readonly<Record<string, AlarmEntry>>
export type AlarmKey = keyof typeof catalogue
