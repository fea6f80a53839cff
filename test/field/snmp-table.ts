// The objects of a made-up UPS for snmpd, which starts this program and asks it line by line (`pass_persist`). The objects
// stand in a file that the test writes: name, type and value, parted by tabs.

import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const file = process.argv[2] ?? ''
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

const next = async (): Promise<string> => String((await lines.next()).value ?? '')
const arcsOf = (name: string): number[] => name.replace(/^\./, '').split('.').map(Number)

/** Below zero when `one` comes before `other`. */
function order(one: readonly number[], other: readonly number[]): number {
  const differs = one.findIndex((arc, index) => arc !== other[index])
  if (differs < 0) return one.length - other.length
  return other[differs] === undefined ? 1 : (one[differs] ?? 0) - (other[differs] ?? 0)
}

function find(verb: string, name: string): string {
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
    .sort((one, other) => order(arcsOf(one[0] ?? ''), arcsOf(other[0] ?? '')))
  const hit = rows.find(([own = '']) => {
    const compared = order(arcsOf(own), arcsOf(name))
    return verb === 'get' ? compared === 0 : compared > 0
  })
  return hit === undefined ? 'NONE' : `.${hit.join('\n')}`
}

for (let verb = await next(); verb !== ''; verb = await next()) {
  process.stdout.write(verb === 'PING' ? 'PONG\n' : `${find(verb, await next())}\n`)
}
