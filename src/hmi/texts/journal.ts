// The texts of the journal page.

export const journalTexts = {
  caption: 'Records of the journal, the newest first',
  filter: {
    label: 'Filter',
    pair: 'Pair',
    allPairs: 'all pairs',
    kind: 'Kind',
    allKinds: 'all kinds',
    person: 'Person',
    text: 'Text',
    from: 'From',
    to: 'To',
  },
  columns: {
    seq: 'Record',
    time: 'Time',
    kind: 'Kind',
    pair: 'Pair',
    person: 'Person',
    text: 'Text',
  },
  data: 'Data',
  report: 'Report',
  empty: 'No record fits.',
  held: 'The list is held while you are in it.',
  state: {
    reading: 'Reading the journal.',
    searching: (seq: number, time: string) => `Searching; at record ${seq} of ${time}.`,
    stop: 'Stop',
    older: (seq: number) => `Older than record ${seq}`,
    beginning: 'Nothing older is left within this filter.',
    news: (count: number) =>
      count === 1 ? '1 new record: show it' : `${count} new records: show them`,
  },
  chain: {
    title: 'Hash chain',
    head: (seq: number) => `newest record ${seq}`,
    hash: 'Hash of the newest record, which vouches for all before it:',
    verify:
      'Every record that is read back proves itself. The whole chain is not verified from here: a service cannot vouch for its own disks. Verify it on the machine:',
    command: 'bumpless journal verify',
  },
  export: {
    csv: 'Export CSV',
    json: 'Export JSON',
    progress: (sharePct: number, count: number) => `${sharePct} % read, ${count} records fit`,
    done: (count: number) => `${count} records exported.`,
    cancel: 'Stop the export',
    stopped: 'The export was stopped; no file was made.',
    print: 'Print',
  },
  printed: (site: string, time: string, filter: string) =>
    `${site}, printed ${time}${filter === '' ? '' : `; filter: ${filter}`}`,
} as const
