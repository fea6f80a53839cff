// One controller that runs config/plc: its registers, its inputs, its power. The text is taken from the very files
// that go into a controller.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { compile } from './compile.ts'
import { partsOf } from './declarations.ts'
import type { Frame, Runnable, Slot } from './frame.ts'
import type { Part } from './syntax.ts'

/** In the order in which a controller must get them. */
export const plcFiles = [
  'bumpless_words.st',
  'bumpless_crc32.st',
  'bumpless_retained.st',
  'bumpless_block.st',
  'bumpless_digest.st',
  'bumpless_example.st',
] as const

export const plcText = (file: string): string =>
  readFileSync(new URL(`../../config/plc/${file}`, import.meta.url), 'utf8')

type Change = (text: string) => string
const asShipped: Change = (text) => text
const parsed = new Map<Change, readonly Part[]>()

/** A part of config/plc under power, with variables that are set and read by name. */
export class StUnit {
  readonly clock = { nowMs: 0 }
  readonly part: Runnable
  #frame: Frame

  /** @param change what a mistake would have made of the text */
  constructor(name: string, change: Change = asShipped) {
    const parts = parsed.get(change) ?? plcFiles.flatMap((file) => partsOf(change(plcText(file))))
    parsed.set(change, parts)
    const part = compile(parts, this.clock).get(name)
    assert.ok(part, `config/plc has no ${name}`)
    this.part = part
    this.#frame = part.makeFrame()
  }

  scan(elapsedMs = 10): void {
    this.clock.nowMs += elapsedMs
    this.set({ ELAPSEDMS: elapsedMs })
    this.run()
  }

  run(): void {
    this.part.run(this.#frame)
  }

  /** Names in capitals; truth is 1 and 0. */
  set(values: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(values)) {
      this.#frame.numbers[this.#slot(name).at] = value
    }
  }

  get(name: string): number {
    const value = this.#frame.numbers[this.#slot(name).at]
    assert.ok(value !== undefined)
    return value
  }

  write(name: string, words: readonly number[]): void {
    const { variable, at } = this.#slot(name)
    assert.ok(variable.type.kind === 'array' && variable.type.length === words.length)
    this.#frame.arrays[at] = [...words]
  }

  read(name: string): readonly number[] {
    const words = this.#frame.arrays[this.#slot(name).at]
    assert.ok(words)
    return [...words]
  }

  /** Off and on: what is not retained has its first values, and so have the inputs until they are set again. */
  restart(): void {
    const before = this.#frame
    this.#frame = this.part.makeFrame()
    for (const { variable, at } of this.part.slots.values()) {
      if (variable.section === 'retain') this.#frame.numbers[at] = before.numbers[at] ?? 0
    }
  }

  #slot(name: string): Slot {
    const slot = this.part.slots.get(name)
    assert.ok(slot, `${this.part.name} has no ${name}`)
    return slot
  }
}
