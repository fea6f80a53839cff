// Lets modbus-serial encode one declared write of a maker's command. What it made of it is looked at once more in write-gate.ts.

import type { DeclaredWrite } from '../../core/vendor-command.ts'

type Done = (error: { readonly message: string; readonly modbusCode?: number } | null) => void

/** The part of modbus-serial's client that is used here. */
type Writer = {
  writeFC5(unit: number, address: number, state: boolean, done: Done): void
  writeFC6(unit: number, address: number, value: number, done: Done): void
  writeFC16(unit: number, address: number, words: number[], done: Done): void
}

/** Makes the client write the frame at once. `unit` is the Modbus unit identifier. */
export function encodeWrite(
  client: Writer,
  unit: number,
  { functionCode, address, words }: DeclaredWrite,
  done: Done,
): void {
  const [first = 0] = words
  if (functionCode === 5) client.writeFC5(unit, address, first !== 0, done)
  else if (functionCode === 6) client.writeFC6(unit, address, first, done)
  else client.writeFC16(unit, address, [...words], done)
}
