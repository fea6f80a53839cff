// Takes the demo plant file, breaks it at random places and loads it: the loader must always answer, and every fault must have
// its place. A failing seed comes back with SEED=number.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Document, isCollection, isMap, isPair, isScalar, parseDocument, visit } from 'yaml'
import { loadPlant } from '../../src/config/load.ts'
import { faultText } from '../../src/config/source.ts'

const demoText = readFileSync(
  path.join(import.meta.dirname, '../../config/plant.demo.yaml'),
  'utf8',
)
const rounds = 150

type Random = (below: number) => number

/** Numbers from a seed (xorshift), so that a failing run can be repeated. */
function randomFrom(seed: number): Random {
  let state = seed | 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const strangers: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e99,
  '',
  'x',
  'hr:70000',
  'tcp://:0',
  '__proto__',
  [],
  [[]],
  {},
  { modbus: 7 },
  { __proto__: null, constructor: 1 },
]

/** Deletes, renames or retypes one node; answers what was done. */
function mutate(document: Document, random: Random): string {
  const places: (readonly (string | number)[])[] = []
  visit(document, {
    Node: (key, _node, ancestors) => {
      if (key === 'key' || key === null) return
      places.push(pathOf(document, ancestors, key))
    },
  })
  const place = places[random(places.length)] ?? []
  const what = random(3)
  const last = place.at(-1)
  if (what === 0) {
    document.deleteIn(place)
    return `delete ${place.join('.')}`
  }
  const parent = document.getIn(place.slice(0, -1), true)
  if (what === 1 && typeof last === 'string' && isMap(parent)) {
    const item = parent.items.find((one) => isScalar(one.key) && String(one.key.value) === last)
    const name = ['__proto__', 'constructor', `${last}x`, last.slice(1), 'Ünknown key'][random(5)]
    if (item !== undefined) item.key = document.createNode(name)
    return `rename ${place.join('.')} to ${name}`
  }
  const stranger = strangers[random(strangers.length)]
  document.setIn(place, document.createNode(stranger))
  return `set ${place.join('.')} to ${JSON.stringify(stranger)}`
}

function pathOf(
  document: Document,
  ancestors: readonly unknown[],
  key: number | string,
): readonly (string | number)[] {
  const way: (string | number)[] = []
  const chain = [...ancestors]
  for (const [index, node] of chain.entries()) {
    const next = chain[index + 1]
    if (isPair(node) && isScalar(node.key)) way.push(keyOf(node.key.value))
    if (isCollection(node) && !isMap(node) && next !== undefined) {
      way.push(node.items.findIndex((item: unknown) => Object.is(item, next)))
    }
  }
  if (typeof key === 'number') way.push(key)
  assert(document.hasIn(way) || document.getIn(way) === null, `no ${way.join('.')}`)
  return way
}

// A number stays a number: the document finds a key only by the value that it really has.
const keyOf = (value: unknown): string | number =>
  typeof value === 'number' ? value : String(value)

describe('A plant file with random damage', () => {
  it('is always answered, and every fault has its line and column', async () => {
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
    console.log(`      seed ${seed}`)
    const random = randomFrom(seed)
    const folder = await mkdtemp(path.join(tmpdir(), 'bumpless-mutation-'))
    const file = path.join(folder, 'plant.yaml')
    let refused = 0
    try {
      for (let round = 0; round < rounds; round += 1) {
        const document = parseDocument(demoText)
        const done = Array.from({ length: 1 + random(4) }, () => mutate(document, random))
        const text = document.toString()
        await writeFile(file, text)
        const result = loadPlant(file)
        if (result.ok) continue
        refused += 1
        const lineCount = text.split('\n').length
        assert(result.faults.length > 0, `refused without a fault after ${done.join('; ')}`)
        for (const fault of result.faults) {
          const where = `${faultText(fault)} after ${done.join('; ')}`
          assert(fault.line >= 1 && fault.line <= lineCount && fault.column >= 1, where)
          assert(
            !/undefined|\[object|Invalid|Too (big|small)|Unrecognized/.test(fault.message),
            where,
          )
        }
      }
    } finally {
      await rm(folder, { recursive: true })
    }
    assert(refused > rounds / 3, `only ${refused} of ${rounds} damaged files were refused`)
  })
})
