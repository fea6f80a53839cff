// The command line of the practice plant: serves it, or talks to one that is served.
import { parseArgs } from 'node:util'
import { CLIENT_COMMANDS, type ClientCommand, runClient } from './client.ts'
import { LAST_OFFSET, type OpcUaOptions, PortUnavailable } from './network.ts'
import { type Plant, type PlantOptions, startPlant } from './plant.ts'
import { RefusedRequest } from './refusal.ts'
import { readSerialSettings } from './serial-line.ts'

const USAGE = `plc-sim: a practice plant of three redundant pairs and two UPS units

  node plc-sim/main.ts [--control 127.0.0.1:8090] [--base-port 15020] [--seed 1] [--retain FILE]
      serves the plant; --base-port 0 takes a free port for every device; --retain keeps the
      retained memory of the units in a file, so that a later start goes on with it
      --maker
          serves the pair 'boiler' too, with a maker's redundancy in place of our command block
      --opcua [--opcua-units intake.A,intake.B] [--opcua-password-file FILE] [--opcua-pki FOLDER]
          serves units over OPC UA too; with a password only its user 'operator' may write
      --serial PATH=intake.A:11,intake.B:12
          serves devices on a serial line too, by unit identifier; can be given several times
  node plc-sim/main.ts fault <target> <fault> [key=value...]
      breaks something and prints the id of the fault
  node plc-sim/main.ts clear [id]
      mends one fault, or all
  node plc-sim/main.ts action <target> <action> [key=value...]
      such as: action intake set tag=LEVEL.SP value=60
  node plc-sim/main.ts state
      prints the truth as JSON

  targets: intake, intake.A, ups-1; faults and actions: GET /faults/catalogue of the control`

const OPTIONS = {
  control: { type: 'string', default: '127.0.0.1:8090' },
  'base-port': { type: 'string', default: '15020' },
  seed: { type: 'string', default: '1' },
  retain: { type: 'string' },
  maker: { type: 'boolean', default: false },
  opcua: { type: 'boolean', default: false },
  'opcua-units': { type: 'string' },
  'opcua-password-file': { type: 'string' },
  'opcua-pki': { type: 'string' },
  serial: { type: 'string', multiple: true, default: [] as string[] },
  help: { type: 'boolean', default: false },
} as const
const BASE_PORT_LIMIT = 65_535 - LAST_OFFSET

try {
  await run(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof RefusedRequest || error instanceof PortUnavailable)) throw error
  const hint =
    error instanceof PortUnavailable ? '; choose others with --base-port and --control' : ''
  process.stderr.write(`plc-sim: ${error.message}${hint}\n`)
  process.exitCode = 1
}

async function run(words: readonly string[]): Promise<void> {
  const { values, positionals } = parse(words)
  const [command, ...rest] = positionals
  if (values.help) return print(USAGE)
  if (!/^[^:]+:\d+$/.test(values.control)) {
    throw new RefusedRequest(`--control is '${values.control}'; expected host:port`)
  }
  if (isClientCommand(command))
    return print(await runClient(`http://${values.control}`, command, rest))
  if (command !== undefined) {
    throw new RefusedRequest(
      `unknown command '${command}'; there are: ${CLIENT_COMMANDS.join(', ')}`,
    )
  }
  announce(await startPlant(plantOptions(values)))
}

type Values = ReturnType<typeof parse>['values']

function plantOptions(values: Values): PlantOptions {
  const { control, retain, serial } = values
  return {
    basePort: wholeNumber('--base-port', values['base-port'], BASE_PORT_LIMIT),
    seed: wholeNumber('--seed', values.seed, 2 ** 32 - 1),
    control,
    maker: values.maker,
    serial: serial.map(readSerialSettings),
    ...(retain === undefined ? {} : { retainedFile: retain }),
    ...(values.opcua ? { opcua: opcUaOptions(values) } : {}),
  }
}

function opcUaOptions(values: Values): OpcUaOptions {
  const units = values['opcua-units']
  const passwordFile = values['opcua-password-file']
  const pki = values['opcua-pki']
  return {
    ...(units === undefined ? {} : { units: units.split(',') }),
    ...(passwordFile === undefined ? {} : { passwordFile }),
    ...(pki === undefined ? {} : { pki }),
  }
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new RefusedRequest(error instanceof Error ? error.message : String(error))
  }
}

function announce(plant: Plant): void {
  const ports = Object.entries(plant.ports).map(([device, port]) => `${device} ${port}`)
  print(`plc-sim: serving ${ports.join(', ')}; control ${plant.controlUrl}`)
  const end = () => void plant.close().then(() => process.exit(0))
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
  if (!process.send) return
  process.send({ ready: true, control: plant.controlUrl, ports: plant.ports })
  // Whoever started the plant with a channel is gone: a plant that nobody knows of must not hold
  // its ports.
  process.once('disconnect', end)
}

function wholeNumber(option: string, written: string, limit: number): number {
  const value = /^\d+$/.test(written) ? Number(written) : Number.NaN
  if (value <= limit) return value
  throw new RefusedRequest(`${option} is '${written}'; expected a whole number from 0 to ${limit}`)
}

function isClientCommand(word: string | undefined): word is ClientCommand {
  return CLIENT_COMMANDS.some((command) => command === word)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
