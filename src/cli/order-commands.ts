// The words of the commands that order something: what they take and what they say about themselves. What they do
// stands in a file for each, loaded when it is asked for.

import { type Command, Option } from 'commander'
import { online } from './action.ts'
import type { Client } from './client.ts'
import type { ExitCode } from './outcome.ts'
import type { Terminal } from './terminal.ts'

const reason = ['--reason <text>', 'why, for the journal'] as const

export function addOrderCommands(program: Command): void {
  program.commandsGroup('Switch:')
  addSwitchCommands(program)
  addAnswerCommands(program)
  program.commandsGroup('Hold:')
  addHoldCommands(program)
}

function addSwitchCommands(program: Command): void {
  program
    .command('switchover <pair>')
    .description('make a unit the primary: prepares, shows the evidence, asks, carries out')
    .requiredOption('--to <unit>', 'A or B')
    .option(...reason)
    .option('--dry-run', 'only list what stands against it')
    .option('--override <gate...>', 'take responsibility for these gates')
    .option('--yes', 'confirm without asking; needs --proposal, --evidence and --reason')
    .option('--proposal <id>', 'the open proposal to confirm')
    .option('--evidence <hash>', 'the evidence that was seen')
    .option('--approver <user>', 'second person, with --yes')
    .option('--password-stdin', 'with --yes: the passwords that the policy asks for, one a line')
    .option('--json', 'with --dry-run or --yes')
    .action(
      online(
        async (
          client,
          terminal,
          pair: string,
          options: import('./switchover.ts').SwitchoverOptions,
        ) => (await import('./switchover.ts')).switchover(client, terminal, pair, options),
      ),
    )
  program
    .command('resolve <pair> <way>')
    .description('decide for a pair that stopped or is held: retry, restore, adopt or resume')
    .requiredOption(...reason)
    .option('--attest <text>', 'your statement about an outcome that no read can settle')
    .action(
      online(
        async (
          client,
          terminal,
          pair: string,
          way: string,
          options: { reason: string; attest?: string },
        ) => (await import('./resolve.ts')).resolve(client, terminal, pair, way, options),
      ),
    )
}

function addAnswerCommands(program: Command): void {
  program
    .command('confirm <id>')
    .description('answer an open proposal; asks, or with --yes confirms exactly what is named')
    .option('--evidence <hash>', 'the evidence that was seen')
    .option(...reason)
    .option('--yes', 'without asking; needs --evidence and --reason')
    .option('--pair <name>', 'with --yes: the name of the pair, where the policy wants it typed')
    .option('--approver <user>', 'second person, with --yes')
    .option('--password-stdin', 'with --yes: the passwords that the policy asks for, one a line')
    .option('--json', 'with --yes')
    .action(online(confirm))
  for (const what of ['reject', 'abort', 'extend'] as const)
    program
      .command(`${what} <id>`)
      .description(answerText[what])
      .option(...reason)
      .action(
        online(async (client, terminal, id: string, options: { reason?: string }) =>
          (await import('./answer.ts')).answerById(client, terminal, id, what, options.reason),
        ),
      )
  program
    .command('prompt')
    .description('wait at this terminal for proposals of any pair, ring, and ask')
    .addOption(new Option('--listen', 'wait for them').makeOptionMandatory())
    .action(
      online(async (client, terminal) => (await import('./prompt.ts')).listen(client, terminal)),
    )
}

const answerText = {
  reject: 'keep things as they are: an open proposal ends',
  abort: 'end a switchover whose first step has not left yet',
  extend: 'give an open proposal more time',
} as const

type ConfirmOptions = import('./answer.ts').ExactConfirmation & { readonly yes?: boolean }

async function confirm(
  client: Client,
  terminal: Terminal,
  id: string,
  options: ConfirmOptions,
): Promise<ExitCode> {
  const { confirmExactly, confirmOpen } = await import('./answer.ts')
  return options.yes
    ? confirmExactly(client, terminal, { ...options, proposal: id })
    : confirmOpen(client, terminal, id, options)
}

function addHoldCommands(program: Command): void {
  program
    .command('lockout <pair>')
    .description('refuse every switchover of a pair; --off ends it')
    .requiredOption(...reason)
    .option('--off', 'end it')
    .action(
      online(async (client, terminal, pair: string, options: { reason: string; off?: boolean }) =>
        (await import('./lockout.ts')).lockout(client, terminal, pair, options),
      ),
    )
  program
    .command('out-of-service <pair> <unit>')
    .description('mark a unit that must not take over; --off ends it')
    .requiredOption(...reason)
    .option('--off', 'end it')
    .action(
      online(
        async (
          client,
          terminal,
          pair: string,
          unit: string,
          options: { reason: string; off?: boolean },
        ) => (await import('./lockout.ts')).outOfService(client, terminal, pair, unit, options),
      ),
    )
  program
    .command('qualified <pair> <unit>')
    .description('end the re-qualification of a unit before every point is met')
    .requiredOption(...reason)
    .action(
      online(async (client, terminal, pair: string, unit: string, options: { reason: string }) =>
        (await import('./lockout.ts')).qualified(client, terminal, pair, unit, options),
      ),
    )
}
