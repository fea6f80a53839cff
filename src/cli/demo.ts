// `demo`: a practice plant and a supervisor for it, with two users, in one command. It logs the operator in, so that a second terminal
// can order a switchover at once, and tells what happens until Ctrl-C, which stops both in order.

import { randomInt } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { AccessRole } from '../core/plant.ts'
import { addUser, listUsers, setPassword } from '../serve/users-file.ts'
import { connect } from './client.ts'
import { type DemoPlace, demoMark, demoPlantText, portFault } from './demo-plant.ts'
import { type DemoProcess, startDemoProcess } from './demo-process.ts'
import { follow } from './feed.ts'
import { watchInterrupts } from './interrupts.ts'
import { type ExitCode, exitCode, Halt, usageFault } from './outcome.ts'
import { readSession, removeSession, saveSession } from './session-file.ts'
import { sentenceKey } from './status-text.ts'
import { clockText } from './table.ts'
import type { Terminal } from './terminal.ts'

export type DemoOptions = {
  readonly data: string
  readonly fresh?: boolean
  readonly port: string
  readonly opcuaPort: string
  readonly basePort: string
  readonly controlPort: string
}

type DemoUser = { readonly name: string; readonly role: AccessRole; readonly password: string }

const product = resolve(import.meta.dirname, '../..')
const readyWithinMs = 30_000

export async function demo(terminal: Terminal, options: DemoOptions): Promise<ExitCode> {
  using interrupts = watchInterrupts()
  const place: DemoPlace = {
    dataFolder: resolve(options.data),
    httpPort: portOf(options.port, '--port'),
    opcuaPort: portOf(options.opcuaPort, '--opcua-port'),
    basePort: portOf(options.basePort, '--base-port'),
    controlPort: portOf(options.controlPort, '--control-port'),
  }
  const fault = await portFault(place)
  if (fault) throw new Halt(fault)
  const plantFile = await prepareFolder(place, options.fresh === true)
  const users = await prepareUsers(join(place.dataFolder, 'users.yaml'))
  const started: DemoProcess[] = []
  let token = ''
  try {
    started.push(await startPracticePlant(place, interrupts.signal))
    started.push(await startSupervisor(place, plantFile, interrupts.signal))
    token = await logInFirst(terminal, place, users)
    welcome(terminal, place, users)
    await tell(terminal, place, token, started, interrupts.signal)
  } finally {
    terminal.out()
    for (const process of started.reverse())
      terminal.out(`${process.name}: ${await process.stop()}`)
    if ((await readSession())?.token === token) await removeSession()
  }
  return exitCode.ok
}

function portOf(text: string, option: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 1 && port <= 65_400) return port
  throw usageFault(`${option} ${text}: expected a port, 1 to 65400`)
}

/** The data folder with its plant file; `fresh` first deletes what an earlier demo left there, and nothing else. */
async function prepareFolder(place: DemoPlace, fresh: boolean): Promise<string> {
  const file = join(place.dataFolder, 'plant.yaml')
  const before = await readFile(file, 'utf8').catch(() => undefined)
  if (before !== undefined && !before.startsWith(demoMark))
    throw new Halt(`${file} is not the demo's; choose another folder with --data DIR`)
  if (fresh && before !== undefined)
    for (const name of [
      'journal-a',
      'journal-b',
      'history',
      'recording',
      'users.yaml',
      'plant.yaml',
      'plc-sim-retained.json',
    ])
      await rm(join(place.dataFolder, name), { recursive: true, force: true })
  await mkdir(place.dataFolder, { recursive: true })
  const shipped = await readFile(join(product, 'config/plant.demo.yaml'), 'utf8')
  await writeFile(file, demoPlantText(shipped, place))
  return file
}

/** Anna and Bert, with new passwords at every start: nobody has to keep them, and none is kept readable. */
async function prepareUsers(file: string): Promise<DemoUser[]> {
  const wanted: { name: string; role: AccessRole }[] = [
    { name: 'anna', role: 'operator' },
    { name: 'bert', role: 'supervisor' },
  ]
  const users: DemoUser[] = []
  for (const { name, role } of wanted) {
    const password = oneTimePassword()
    if (listUsers(file).some((user) => user.name === name)) await setPassword(file, name, password)
    else await addUser(file, { name, role, password }, Date.now())
    users.push({ name, role, password })
  }
  return users
}

/** Sixteen letters and digits that cannot be mistaken for each other, about 79 bits. */
function oneTimePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  const group = (): string =>
    Array.from({ length: 4 }, () => letters.charAt(randomInt(letters.length))).join('')
  return [group(), group(), group(), group()].join('-')
}

const startPracticePlant = (place: DemoPlace, interrupted: AbortSignal): Promise<DemoProcess> =>
  startDemoProcess({
    name: 'practice plant',
    arguments: [
      join(product, 'plc-sim/main.ts'),
      ...['--control', `127.0.0.1:${place.controlPort}`],
      ...['--base-port', String(place.basePort)],
      ...['--retain', join(place.dataFolder, 'plc-sim-retained.json')],
    ],
    logFile: join(place.dataFolder, 'plc-sim.log'),
    readyLine: 'plc-sim: serving',
    readyWithinMs,
    interrupted,
  })

const startSupervisor = (
  place: DemoPlace,
  plantFile: string,
  interrupted: AbortSignal,
): Promise<DemoProcess> =>
  startDemoProcess({
    name: 'supervisor',
    arguments: [join(product, 'src/main.ts'), 'run', '--plant', plantFile],
    logFile: join(place.dataFolder, 'supervisor.log'),
    readyLine: 'bumpless: supervising',
    readyWithinMs,
    interrupted,
  })

const urlOf = (place: DemoPlace): string => `http://127.0.0.1:${place.httpPort}`

async function logInFirst(
  terminal: Terminal,
  place: DemoPlace,
  [first]: readonly DemoUser[],
): Promise<string> {
  if (first === undefined) throw new Error('the demo has no users')
  const url = urlOf(place)
  const other = await readSession()
  if (other && other.url !== url)
    terminal.out(`the session at ${other.url} is replaced; log in there again when you need it`)
  const reply = await connect(url).login(first.name, first.password)
  await saveSession({ url, ...reply })
  return reply.token
}

function welcome(terminal: Terminal, place: DemoPlace, users: readonly DemoUser[]): void {
  const control = place.controlPort === 8090 ? '' : ` --control 127.0.0.1:${place.controlPort}`
  const lines = [
    'A practice plant and its supervisor are running. Nothing here is real.',
    `  pages     ${urlOf(place)}`,
    `  OPC UA    opc.tcp://127.0.0.1:${place.opcuaPort}  (docs/opcua.md)`,
    `  plant     http://127.0.0.1:${place.controlPort}  (a page to break things on)`,
    `  data      ${place.dataFolder}`,
    ...users.map(({ name, role, password }) => `  user      ${name} (${role})  ${password}`),
    '  The passwords are for this start only. This machine is logged in as anna.',
    '',
    'Open the pages in a browser, or try in a second terminal:',
    '  npx bumpless status',
    '  npx bumpless watch',
    '  npx bumpless switchover intake --to B',
    `  npx node plc-sim/main.ts fault intake.A crash${control}`,
    '  npx bumpless prompt --listen',
    '',
    'Ctrl-C stops both.',
    '',
  ]
  for (const line of lines) terminal.out(line)
}

/** One line for each sentence that says something new, until Ctrl-C or until one of the two ends by itself. */
async function tell(
  terminal: Terminal,
  place: DemoPlace,
  token: string,
  started: readonly DemoProcess[],
  interrupted: AbortSignal,
): Promise<void> {
  const failed = new AbortController()
  let fault: string | undefined
  for (const { name, ended } of started)
    ended.then((how) => {
      fault ??= `${name} ${how}; see its log in ${place.dataFolder}`
      failed.abort()
    })
  const lastKey = new Map<string, string>()
  const signal = AbortSignal.any([interrupted, failed.signal])
  for await (const news of follow(connect(urlOf(place), token), signal)) {
    if (news.kind !== 'view') continue
    for (const pair of news.view.pairs) {
      const key = sentenceKey(pair)
      if (lastKey.get(pair.name) === key) continue
      lastKey.set(pair.name, key)
      terminal.out(`${clockText(news.view.wallMs, true)} ${pair.sentence}`)
    }
  }
  if (fault && !interrupted.aborted) throw new Halt(fault)
}
