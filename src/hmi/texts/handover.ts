// The texts of the handover page.

export const handoverTexts = {
  holder: (by: string, since: string) => `${by} has the shift since ${since}.`,
  nobody: 'Nobody has taken a shift yet.',
  note: (note: string) => `Note of that handover: ${note}`,
  reading: 'Reading what has happened since.',
  happened: (upTo: number) => `Happened since, up to record ${upTo}`,
  nothing: 'nothing',
  leftOut: (count: number) =>
    `${count} older records were not looked through: read them in the journal.`,
  newer: 'Something has happened since this was read.',
  again: 'Read again',
  print: 'Print',
  columns: { time: 'Time', what: 'What', text: 'Text', pair: 'Pair', by: 'By', count: 'Times' },
  standing: 'Stands now',
  kinds: {
    prompts: 'Questions that wait for an answer',
    notReady: 'Pairs that are not ready to switch',
    alarms: 'Alarms',
    putAside: 'Alarms put aside',
    lockouts: 'Lockouts',
    outOfService: 'Units out of service',
    unproven: 'Standbys that no switchover has proved for a quarter of a year',
  },
  by: (name: string, reason: string) => `by ${name}: ${reason}`,
  never: 'no switchover is known',
  proven: (time: string) => `last proved ${time}`,
  accept: {
    title: 'Take the shift',
    means: (upTo: number) =>
      `You have read all of the above, up to record ${upTo}. It is kept in the journal with your name.`,
    note: 'Note (optional)',
    verb: 'Take the shift',
  },
  history: {
    title: 'Handovers before',
    caption: 'Handovers in the journal, the newest first',
    person: 'Taken by',
    note: 'Note',
    seen: 'Read up to record',
    empty: 'No handover is in the journal.',
  },
  signatures: ['Handed over by', 'Taken over by'],
} as const
