// The words of the commands about alarms. What they do stands in alarms.ts and alarm-orders.ts, loaded when it is asked for.

import type { Command } from 'commander'
import { online } from './action.ts'

const json = ['--json', 'as JSON'] as const

export function addAlarmCommands(program: Command): void {
  const alarms = program
    .command('alarms')
    .enablePositionalOptions()
    .description('the alarms, most urgent first, with what belongs under each root')
    .option(
      '--state <state>',
      'only unacknowledged, acknowledged, returned, shelved, suppressed or out-of-service',
    )
    .option('--priority <number>', 'only of this priority')
    .option('--pair <pair>', 'only of this pair')
    .option('--shelved', 'only what is on the shelf, with the time that is left')
    .option('--all', 'also what is suppressed by design')
    .option(...json)
    .action(
      online(async (client, terminal, options: import('./alarms.ts').AlarmFilter) =>
        (await import('./alarms.ts')).alarms(client, terminal, options),
      ),
    )
  alarms
    .command('rates')
    .description('how many alarms there were, which sources raised most, what chatters')
    .option(...json)
    .action(
      online(async (client, terminal, options: { json?: boolean }) =>
        (await import('./alarms.ts')).alarmRates(client, terminal, options),
      ),
    )
  addSeenCommands(alarms)
  addAsideCommands(alarms)
}

function addSeenCommands(alarms: Command): void {
  alarms
    .command('ack [ids...]')
    .description("acknowledge alarms by id, those of a pair, or 'all'; critical ones only by id")
    .option('--pair <pair>', 'what waits on this pair')
    .option('--comment <text>', 'kept with the alarm')
    .action(
      online(
        async (client, terminal, ids: string[], options: { comment?: string; pair?: string }) =>
          (await import('./alarm-orders.ts')).acknowledge(client, terminal, ids, options),
      ),
    )
  alarms
    .command('comment <id> <text>')
    .description('say something about an alarm, for whoever looks next')
    .action(
      online(async (client, terminal, id: string, text: string) =>
        (await import('./alarm-orders.ts')).comment(client, terminal, id, text),
      ),
    )
}

function addAsideCommands(alarms: Command): void {
  alarms
    .command('shelve <id>')
    .description('put an alarm aside for a while, with a reason; it comes back by itself')
    .option('--for <time>', '15m, 1h, 4h, or shift: until the shift ends')
    .option('--minutes <number>', 'any other time, at most 480')
    .option('--back', 'take it off the shelf')
    .requiredOption('--reason <text>', 'kept with the alarm')
    .action(
      online(
        async (client, terminal, id: string, options: import('./alarm-orders.ts').ShelveOptions) =>
          (await import('./alarm-orders.ts')).shelve(client, terminal, id, options),
      ),
    )
  alarms
    .command('out-of-service <id>')
    .description('take an alarm out of service, without an end; --back puts it back')
    .option('--reason <text>', 'why; shown in every list')
    .option('--back', 'put it back into service')
    .action(
      online(async (client, terminal, id: string, options: { reason?: string; back?: boolean }) =>
        (await import('./alarm-orders.ts')).alarmOutOfService(client, terminal, id, options),
      ),
    )
}
