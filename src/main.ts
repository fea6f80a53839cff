#!/usr/bin/env node
// argv to one command. What a command does stands in its own file under `cli/`, which is loaded only when it is asked for;
// here stand its words. A fault that a command expects ends as one line on stderr and its exit code.

import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { offline, online } from './cli/action.ts'
import { addAlarmCommands } from './cli/alarm-commands.ts'
import { addOpcUaCommands } from './cli/opcua-commands.ts'
import { addOrderCommands } from './cli/order-commands.ts'
import { type ExitCode, exitCode, Halt } from './cli/outcome.ts'
import { openTerminal, type Terminal, type TerminalOptions } from './cli/terminal.ts'

const json = ['--json', 'as JSON'] as const
const plantFile = ['--plant <file>', 'the plant file', 'config/plant.demo.yaml'] as const

await main(process.argv)

async function main(argv: string[]): Promise<void> {
  const program = new Command('bumpless')
    .description('Supervises pairs of redundant controllers; a person confirms every switchover.')
    .version(versionText())
    .option('--url <url>', 'address of the service (also BUMPLESS_URL)')
    .option('--no-color', 'no colour (also NO_COLOR)')
    .option('--ascii', 'only 7-bit characters')
    .showHelpAfterError("('bumpless --help' lists the commands)")
    .exitOverride()
  addServiceCommands(program)
  await addUserCommand(program, argv)
  addReadCommands(program)
  addDeviceCommands(program)
  addProfileCommand(program)
  addOpcUaCommands(program)
  addOrderCommands(program)
  addSessionCommands(program)
  try {
    await program.parseAsync(argv)
  } catch (fault) {
    process.exitCode = exitOf(fault, openTerminal(program.opts<TerminalOptions>()))
  }
}

function addServiceCommands(program: Command): void {
  program.commandsGroup('Run:')
  program
    .command('demo')
    .description('a practice plant with its supervisor, to try everything on')
    .option('--data <folder>', 'where it keeps its files', 'data/demo')
    .option('--fresh', 'forget what an earlier demo kept there')
    .option('--port <port>', 'port of the service', '8080')
    .option('--opcua-port <port>', 'port for SCADA clients', '4840')
    .option('--base-port <port>', 'first port of the practice plant', '15020')
    .option('--control-port <port>', "port of the practice plant's control", '8090')
    .action(
      offline(async (terminal, options: import('./cli/demo.ts').DemoOptions) =>
        (await import('./cli/demo.ts')).demo(terminal, options),
      ),
    )
  program
    .command('run')
    .description('supervise the plant of a plant file')
    .option(...plantFile)
    .action(
      offline(async (_, options: { plant: string }) =>
        (await import('./cli/run.ts')).run(options.plant),
      ),
    )
  program
    .command('check <file>')
    .description('read a plant file: its faults, or what follows from it')
    .option(...json)
    .action(
      offline(async (terminal, file: string, options: { json?: boolean }) =>
        (await import('./cli/check.ts')).check(file, { json: options.json === true }, terminal.out),
      ),
    )
  program
    .command('import <file>')
    .description("turn a tag list (CSV, PLCopen XML, Rockwell L5X) into the plant file's tags")
    .option('--format <format>', 'csv, plcopen or l5x; without it the content decides')
    .option('--pair <pair>', 'put the tags under this pair')
    .option('--map <file>', 'CSV of name and address, for the XML formats')
    .option('--out <file>', 'a new file instead of stdout')
    .option('--force', 'overwrite that file')
    .option(...json)
    .action(
      offline(async (terminal, file: string, options: import('./cli/import.ts').ImportOptions) =>
        (await import('./cli/import.ts')).importList(file, options, {
          write: (text) => void process.stdout.write(text),
          error: terminal.error,
        }),
      ),
    )
  addSchemaCommands(program)
}

function addSchemaCommands(program: Command): void {
  program
    .command('openapi')
    .description('the HTTP API as an OpenAPI document')
    .action(
      offline(async () =>
        (await import('./cli/openapi.ts')).openApiCommand(versionText(), (line) =>
          process.stdout.write(`${line}\n`),
        ),
      ),
    )
  program
    .command('schema')
    .description('the JSON Schema of the plant file, for editors')
    .option('--table', "as the manual's tables")
    .action(
      offline(async (_, options: { table?: boolean }) =>
        (await import('./cli/schema.ts')).schema({ table: options.table === true }, (line) =>
          process.stdout.write(`${line}\n`),
        ),
      ),
    )
}

function addDeviceCommands(program: Command): void {
  program.commandsGroup('Devices:')
  program
    .command('probe <device>')
    .description(
      'read one device once: a name of the plant file, or an address with --profile or --scan; ' +
        '--block tries its command block out, and writes',
    )
    .option(...plantFile)
    .option('--path <name>', 'which of its paths (else the first)')
    .option('--profile <name>', 'device type, for an address such as tcp://10.1.0.20:502')
    .option('--unit <number>', 'Modbus unit identifier', '1')
    .option('--timeout <ms>', 'longest wait for one answer')
    .option('--scan <range>', 'walk registers instead: hr:0-200')
    .option('--at-once <registers>', 'with --scan: how many in one request', '64')
    .option('--block', 'lead the command block through its refusals; the role stays')
    .option('--yes-write', 'with --block: it is meant that this writes and claims the unit')
    .option('--device-name <name>', 'with --block: the name again, for scripts')
    .option('--unattended', 'with --block: nobody is asked; what needs a person is left out')
    .option(...json)
    .action(
      offline(
        async (
          terminal,
          device: string,
          options: import('./cli/probe-block.ts').ProbeBlockOptions & {
            scan?: string
            block?: boolean
          },
        ) => {
          const { scan, block } = options
          if (block)
            return (await import('./cli/probe-block.ts')).probeBlock(terminal, device, options)
          return scan === undefined
            ? (await import('./cli/probe.ts')).probe(terminal, device, options)
            : (await import('./cli/probe-scan.ts')).probeScan(terminal, device, {
                ...options,
                scan,
              })
        },
      ),
    )
}

function addProfileCommand(program: Command): void {
  program
    .command('profile [name]')
    .description('a device profile and what it reads; without a name the list of them')
    .option('--dump <file>', 'what it makes of recorded registers')
    .option(...plantFile)
    .option(...json)
    .action(
      offline(
        async (
          terminal,
          name: string | undefined,
          options: import('./cli/profile.ts').ProfileOptions,
        ) => (await import('./cli/profile.ts')).profileCommand(name, options, terminal.out),
      ),
    )
}

/** Its file brings the password hashing along, so that other commands only name it. */
async function addUserCommand(program: Command, argv: readonly string[]): Promise<void> {
  if (argv.includes('user')) (await import('./cli/user.ts')).userCommand(program)
  else program.command('user').description('the people who may log in')
}

function addReadCommands(program: Command): void {
  program.commandsGroup('Look:')
  program
    .command('status [pair]')
    .description('the plant now; exit code 5 when a pair has both units active, or none')
    .option(...json)
    .action(
      online(async (client, terminal, pair: string | undefined, options: { json?: boolean }) =>
        (await import('./cli/status.ts')).status(client, terminal, pair, options),
      ),
    )
  program
    .command('watch [pair]')
    .description('the plant as it changes')
    .option('--json', 'one JSON line for each change')
    .action(
      online(async (client, terminal, pair: string | undefined, options: { json?: boolean }) =>
        (await import('./cli/watch.ts')).watch(client, terminal, pair, options),
      ),
    )
  addAlarmCommands(program)
  program
    .command('handover')
    .description('the change of shift: what happened since the last one, and what stands')
    .option('--accept', 'take the shift, having read this')
    .option('--note <text>', 'with --accept: a note for the journal')
    .option(...json)
    .action(
      online(async (client, terminal, options: import('./cli/handover.ts').HandoverOptions) =>
        (await import('./cli/handover.ts')).handover(client, terminal, options),
      ),
    )
  addJournalCommands(program)
  addReplayCommand(program)
}

function addJournalCommands(program: Command): void {
  const journal = program
    .command('journal')
    .description('the newest records of the journal')
    .option('--follow', 'and those to come')
    .option('--pair <pair>', 'of one pair only')
    .option('--last <number>', 'how many of the newest', '100')
    .option('--json', 'one JSON line for each record')
    .action(
      online(async (client, terminal, options: import('./cli/journal.ts').JournalOptions) =>
        (await import('./cli/journal.ts')).journal(client, terminal, options),
      ),
    )
  journal
    .command('verify [folders...]')
    .description('check the chain of the copies on disk; needs no service')
    .option('--plant <file>', "the plant file that names the folders (else the demo's)")
    .option(...json)
    .action(
      offline(async (terminal, folders: string[], options: { plant?: string; json?: boolean }) =>
        (await import('./cli/journal.ts')).journalVerify(terminal, folders, options),
      ),
    )
}

function addReplayCommand(program: Command): void {
  program
    .command('replay <recording>')
    .description('play a recording (a file, or its folder) and compare every decision')
    .option('--from <time>', 'from this time on, such as "2026-11-22 14:05:10"')
    .option('--to <time>', 'up to this time')
    .option('--plant <file>', 'a backtest: what these settings would have decided')
    .option(...json)
    .action(
      offline(async (terminal, path: string, options: import('./cli/replay.ts').ReplayOptions) =>
        (await import('./cli/replay.ts')).replayCommand(terminal, path, options),
      ),
    )
}

function addSessionCommands(program: Command): void {
  program.commandsGroup('Session:')
  program
    .command('login')
    .description('log in; the session is kept in a file that only you can read')
    .option('--user <name>', 'who')
    .option('--password-stdin', 'read the password from stdin')
    .action(
      offline(async (terminal, options: import('./cli/login.ts').LoginOptions) =>
        (await import('./cli/login.ts')).login(terminal, options),
      ),
    )
  program
    .command('logout')
    .description('end the session')
    .action(offline(async (terminal) => (await import('./cli/login.ts')).logout(terminal)))
}

function exitOf(fault: unknown, terminal: Terminal): ExitCode {
  if (fault instanceof CommanderError) return fault.exitCode === 0 ? exitCode.ok : exitCode.usage
  if (!(fault instanceof Halt)) throw fault
  terminal.error(`bumpless: ${fault.message}`)
  return fault.exit
}

function versionText(): string {
  const file = new URL('../package.json', import.meta.url)
  const { version }: { version: string } = JSON.parse(readFileSync(file, 'utf8'))
  return version
}
