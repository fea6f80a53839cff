// The figures of the reference measurement that this benchmark is to be compared with, as far as they were published: naive false alarms
// per tag-hour, and for each fault the best of our method as median / 95 % in s. Its signals are known only from a short description.

type Reference = {
  readonly naive?: number
  /** The threshold that was best for the cell there. */
  readonly h?: number
  readonly faults: Readonly<Record<string, string>>
}

export const reference: Readonly<Record<string, Reference>> = {
  'LAN discrete': { naive: 7.5, h: 6, faults: { invert: '2.5 / 3.9', 'lag 3 s': '3.4 / 16' } },
  'LAN analog': { naive: 277, h: 8, faults: { stuck: '3.8 / 5.6', '+0.5 %': '10.6 / 23' } },
  'SKEW discrete': {
    naive: 55,
    h: 10,
    faults: { invert: '2.5 / 4.2', 'lag 3 s': '2.8 / 51 (1 %)' },
  },
  'SKEW analog': {
    naive: 659,
    h: 10,
    faults: { stuck: '5.5 / 13', '+2 %': '12.5 / 49', '+0.5 %': 'missed 46 %' },
  },
  'SKEW integrator': { naive: 52, h: 10, faults: { stuck: '2.6 / 3.8' } },
  'SKEW counter': { naive: 74, h: 10, faults: { stuck: '2.5 / 3.4' } },
  'WAN setpoint': { naive: 7.3, h: 6, faults: { wrong: '2.5 / 3.8' } },
  'WAN analog': {
    naive: 743,
    h: 12,
    faults: { stuck: '8.4 / 23', '+2 %': '15 / 22', '+0.5 %': 'missed 22 %' },
  },
  'WAN integrator': { naive: 293, faults: { stuck: '3.8 / 6.0' } },
  'WAN counter': { naive: 354, faults: { stuck: '2.2 / 3.4' } },
}
