// Texts about what one device says, signal by signal.

export const deviceTexts = {
  title: 'Signals',
  signal: 'Signal',
  value: 'Value',
  raw: 'Raw',
  place: 'Place',
  type: 'Type',
  paths: 'Read over',
  derived: 'follows from others',
  words: (count: number) => `${count} words`,
  polled: (period: string, limit: string) =>
    `Read every ${period}, at most ${limit} for an answer.`,
  newest: (age: string, path: string, took: string) =>
    `The newest answer is ${age} old, came over ${path} and took ${took}.`,
  never: 'It has not answered yet.',
  fault: (path: string, text: string) => `Newest fault, over ${path}: ${text}`,
  back: 'Back to the UPS units',
  unknownUps: (name: string) => `There is no UPS "${name}" in this plant.`,
} as const
