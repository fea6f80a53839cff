// Keys that belong to the product but that this version does not carry out. They are refused in so many words: a
// setting that is silently ignored would be a promise to the operator that nobody keeps.

import type { KeyPath } from './source.ts'

type Later = {
  readonly text: string
  /** The key that does the job in this version, when there is one. */
  readonly instead?: string
}

const notYet = 'is not in this version'

const keys = new Map<string, Later>(
  Object.entries({
    'ups[].opcua': {
      text: `reaching a UPS over OPC UA ${notYet}; use modbus, nut or snmp`,
      instead: 'modbus',
    },
  }),
)

/** Why a key of a later version is refused; undefined for any other key. */
export const laterKey = (path: KeyPath): Later | undefined => keys.get(pattern(path))

const pattern = (path: KeyPath): string =>
  path
    .map((key, index) => (path[index - 1] === 'units' ? '*' : key))
    .reduce<string>(
      (text, key) => (typeof key === 'number' ? `${text}[]` : text === '' ? key : `${text}.${key}`),
      '',
    )
