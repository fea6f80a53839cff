// Plays a scenario file: commands above `----`, everything that then happened below it. What is printed is what an operator
// would see: the sentence when it says something new, the journal, the commands on the wire, the answers, the plant's truth.

import { readRegisters, writeRegisters } from '../../plc-sim/registers.ts'
import { unitsOf } from '../../plc-sim/site.ts'
import { decodeStatus, encodeCommand } from '../../src/core/block.ts'
import type { Answer, OrderBody, Output } from '../../src/core/cycle.ts'
import type { Plant, UnitId } from '../../src/core/plant.ts'
import { alarmOrderOf, alarmStory } from './alarm-story.ts'
import { declaredText, planLines } from './maker-plant.ts'
import {
  act,
  breakIt,
  cycle,
  mendIt,
  newRig,
  order,
  pairOf,
  people,
  type Rig,
  restart,
  run,
  truth,
} from './rig.ts'
import { forecastLines, reportLines } from './story-bump.ts'
import { bendCondition } from './story-field.ts'
import { plantOf } from './story-plant.ts'
import { fitnessLines } from './story-policy.ts'

/** The file with every answer written anew. */
export function play(text: string): string {
  const told = tellerOf()
  const out: string[] = []
  let commands: string[] = []
  let skipping = false
  for (const line of text.split('\n')) {
    if (line === '----') {
      out.push('----', ...told.tell(commands))
      commands = []
      skipping = true
    } else if (skipping && line !== '') {
      // An answer of an earlier run: written anew.
    } else {
      if (skipping) out.push('')
      skipping = false
      if (line !== '') commands.push(line)
      if (line !== '' || out.at(-1) !== '') out.push(line)
    }
  }
  return `${out.join('\n').trimEnd()}\n`
}

type Teller = { tell(commands: readonly string[]): readonly string[] }

function tellerOf(): Teller {
  let rig: Rig | undefined
  const shown = new Map<string, string>()
  const faults = new Map<string, string>()
  const watched = new Set<string>(['intake'])
  let plantChange: (plant: Plant) => Plant = (plant) => plant
  const the = (): Rig => {
    rig ??= newRig(plantChange)
    return rig
  }

  const tell = (commands: readonly string[]): readonly string[] => {
    const lines: string[] = []
    for (const command of commands) {
      if (command.startsWith('#')) continue
      const [verb = '', ...words] = wordsOf(command)
      const before = rig?.seen.length ?? 0
      const said = carryOut(verb, words, command)
      lines.push(...(rig?.seen.slice(before) ?? []).flatMap((one) => linesOf(one.atMs, one.output)))
      lines.push(...said)
    }
    return lines
  }

  const linesOf = (atMs: number, output: Output): readonly string[] => {
    const stamp = `${(atMs / 1000).toFixed(1)}s`.padStart(7)
    const lines: string[] = []
    for (const record of output.records) {
      if (record.pair !== undefined && !watched.has(record.pair)) continue
      if (['start', 'verdict'].includes(record.kind)) continue
      const who = record.actor === 'supervisor' ? '' : ` [${record.actor}]`
      lines.push(`${stamp}  journal  ${record.kind}${who}: ${record.text}`)
    }
    for (const command of output.commands) {
      const text = declaredText(the().plant, command) ?? opcodeText(command.words)
      lines.push(`${stamp}  COMMAND  ${command.device} ${text}`)
    }
    for (const answer of output.answers) lines.push(...answerLines(stamp, answer))
    for (const pair of output.view.pairs) {
      const key = pair.sentence.replaceAll(/\d+(\.\d+)?/g, '#')
      if (!watched.has(pair.name) || shown.get(pair.name) === key) continue
      shown.set(pair.name, key)
      lines.push(`${stamp}  ${pair.sentence}`)
    }
    return lines
  }

  const carryOut = (verb: string, words: readonly string[], command: string): readonly string[] => {
    const [first = '', second = '', ...rest] = words
    switch (verb) {
      case 'plant':
        plantChange = plantOf(words, plantChange)
        return []
      case 'watch':
        watched.clear()
        for (const word of words) watched.add(word)
        return []
      case 'run':
        run(the(), durationMs(first))
        return []
      case 'cycle':
        for (let count = 0; count < Number(first || 1); count++) cycle(the())
        return []
      case 'until':
        return until(words.join(' '))
      case 'fault':
        faults.set(`${first} ${second}`, breakIt(the(), first, second, parametersOf(rest)))
        return []
      case 'clear':
        mendIt(the(), faults.get(`${first} ${second}`) ?? '')
        return []
      case 'panel':
        act(the(), { target: first, action: second, ...parametersOf(rest) })
        return []
      case 'cut':
        the().cut.add([first, second].join(' ').trim())
        return []
      case 'join':
        the().cut.delete([first, second].join(' ').trim())
        return []
      case 'condition':
        bendCondition(the(), first, second, rest[0] === 'back')
        return []
      case 'journal':
        return journal(first, second)
      case 'lease':
        the().leaseHeld = first === 'held'
        return []
      case 'late':
        the().lateMs = Number(first)
        return []
      case 'clock':
        the().wallMs += durationMs(first)
        return []
      case 'suspend':
        the().nowMs += durationMs(first)
        the().wallMs += durationMs(first)
        return []
      case 'claim':
        return claimBySomebodyElse(the(), first, Number(second))
      case 'driver':
        the().dropping = first === 'drops'
        return []
      case 'kill':
        restart(the())
        return []
      case 'truth':
        return truthLines(first)
      case 'alarms':
        return alarmStory(the(), words)
      case 'tags':
        return tagLines(first)
      case 'shift':
        return shiftLines()
      case 'fitness':
        return fitnessLines(pairOf(the(), first || 'intake'))
      case 'evidence':
        return evidenceLines(first)
      case 'forecast':
        return forecastLines(the(), first || 'intake')
      case 'plan':
        return planLines(pairOf(the(), first || 'intake'))
      case 'report':
        return reportLines(the(), first || 'intake')
      default:
        if (!(verb in people)) throw new Error(`unknown word "${verb}" in "${command}"`)
        order(
          the(),
          verb,
          orderOf(
            first,
            [second, ...rest].filter((word) => word !== ''),
          ),
        )
        cycle(the())
        return []
    }
  }

  /** A block as another supervisor would write it, straight into the registers of both units. */
  const claimBySomebodyElse = (one: Rig, name: string, epoch: number): readonly string[] => {
    for (const { target, unit } of unitsOf(one.site)) {
      if (!target.startsWith(`${name}.`)) continue
      const challenge = decodeStatus(readRegisters(unit, 1000, 22) ?? [])
      if (typeof challenge === 'string') throw new Error(challenge)
      const block = {
        epoch,
        owner: 0x0bad,
        seq: 1,
        opcode: 'CLAIM' as const,
        unit: challenge.unit,
        expectedRole: challenge.role,
        challenge: challenge.challenge,
        evidence: 0,
        ttlMs: 3000,
      }
      writeRegisters(unit, 1100, encodeCommand(block))
    }
    return []
  }

  const until = (what: string): readonly string[] => {
    const one = the()
    const limitMs = one.nowMs + 30_000
    const reached = () => one.seen.length > 0 && stateOf(one, what)
    while (!reached()) {
      if (one.nowMs >= limitMs) return [`         NOT REACHED: ${what}`]
      cycle(one)
    }
    return []
  }

  const stateOf = (one: Rig, what: string): boolean => {
    const [name] = watched
    const pair = pairOf(one, name ?? '')
    if (what === 'ready') return pair.ready
    if (what === 'in sync' || what === 'different') return pair.sync.verdict === what
    if (what === 'outcome known') return pair.unknownOutcome === undefined
    if (what.startsWith('record ')) {
      const last = one.seen.at(-1)?.output.records ?? []
      return last.some((record) => record.pair === name && record.text.includes(what.slice(7)))
    }
    return pair.phase === what
  }

  const journal = (word: string, detail: string): readonly string[] => {
    const one = the()
    if (word === 'stalls') one.syncing = false
    else if (word === 'syncs') one.syncing = true
    else if (word === 'fails') one.journalFault = detail || 'copy b: no space left on device'
    return []
  }

  const truthLines = (name: string): readonly string[] => {
    const { active, both, none, tank } = truth(the(), name || 'intake')
    const who = active.length === 0 ? 'nobody' : active.join(' and ')
    const step = tank.maxValveStepPct < 1 ? 'no step in the valve' : 'A STEP IN THE VALVE'
    return [
      `         TRUTH    ${who} drives ${name || 'intake'}; both active ${both} scans, none ${none * 10} ms; ${step}`,
    ]
  }

  const shiftLines = (): readonly string[] => {
    const shift = the().seen.at(-1)?.output.view.shift
    if (shift === undefined) return ['         SHIFT    nobody has taken it']
    return [`         SHIFT    ${shift.by}, note "${shift.note}", ${shift.news} news since`]
  }

  /** Tags about which there is something to say. */
  const tagLines = (name: string): readonly string[] =>
    pairOf(the(), name || 'intake').tags.flatMap((tag) => {
      if (tag.evidence === undefined || tag.evidence.startsWith('limits of')) return []
      const soon =
        tag.expectedDetectionMs === undefined
          ? 'a fault would not be seen'
          : `a lasting fault is seen within ${tag.expectedDetectionMs / 1000} s`
      return [
        `         TAG      ${tag.name}: ${tag.verdict}, A ${tag.a}, B ${tag.b}; ${tag.evidence}; ${soon}`,
      ]
    })

  const evidenceLines = (name: string): readonly string[] => {
    const evidence = pairOf(the(), name || 'intake').switchover?.evidence
    if (evidence === undefined) return ['         EVIDENCE none']
    const gates = evidence.gates.map(
      (gate) => `${gate.met.padEnd(10)} ${gate.title}: ${gate.value}`,
    )
    return [
      `         EVIDENCE ${evidence.question} (revision ${evidence.revision})`,
      ...gates.map((gate) => `           ${gate}`),
    ]
  }

  const orderOf = (kind: string, words: readonly string[]): OrderBody => {
    const one = the()
    const [pair = 'intake', second = '', ...rest] = words
    const named = one.plant.pairs.some(({ name }) => name === pair)
    const view = named && one.seen.length > 0 ? pairOf(one, pair) : undefined
    const id = view?.switchover?.id ?? view?.lastEnded[0]?.id ?? `${pair}-none`
    const reason = 'because the test says so'
    switch (kind) {
      case 'switch':
      case 'dry-run': {
        const overrides = rest
          .filter((word) => word.startsWith('override='))
          .map((word) => word.slice(9))
        return {
          kind: 'prepare',
          pair,
          to: second as UnitId,
          reason,
          dryRun: kind === 'dry-run',
          overrides,
        }
      }
      case 'confirm':
        return confirmOf(pair, id, words.slice(1))
      case 'reject':
      case 'abort':
        return { kind, switchover: id, reason }
      case 'extend':
        return { kind: 'extend', switchover: id }
      case 'resolve': {
        const attest = rest.join(' ')
        return { kind: 'resolve', pair, way: second as 'retry', reason, ...(attest && { attest }) }
      }
      case 'lockout':
        return { kind: 'lockout', pair, on: second !== 'off', reason }
      case 'out-of-service':
        return {
          kind: 'out-of-service',
          pair,
          unit: second as UnitId,
          on: rest[0] !== 'off',
          reason,
        }
      case 'qualified':
        return { kind: 'qualified', pair, unit: second as UnitId, reason }
      case 'ack':
      case 'comment':
      case 'shelve':
      case 'retire':
        return alarmOrderOf(kind, words)
      case 'handover': {
        const { nextSeq } = one.state
        const seen = pair === 'now' ? nextSeq - 1 : Number(pair)
        return { kind: 'handover', seen, note: words.slice(1).join(' ') }
      }
      case 'leaves':
        return { kind: 'session-ended', user: pair }
      default:
        throw new Error(`unknown order "${kind}"`)
    }
  }

  const confirmOf = (pair: string, id: string, words: readonly string[]): OrderBody => {
    const hash = pairOf(the(), pair).switchover?.evidence?.hash ?? 'none'
    const old = words.includes('old-evidence')
    const second = words.find((word) => word.startsWith('with='))?.slice(5)
    const typed = words.find((word) => word.startsWith('typing='))?.slice(7)
    return {
      kind: 'confirm',
      switchover: id,
      evidenceHash: old ? (firstHash(pair) ?? hash) : hash,
      typedName: typed ?? pair,
      reason: words.includes('no-reason') ? '' : 'because the test says so',
      reauthenticated: !words.includes('without-password'),
      ...(second && {
        approver: { name: second, role: people[second] ?? 'observer', via: 'test' },
      }),
    }
  }

  /** The hash of the evidence that was shown first for the open proposal. */
  const firstHash = (pair: string): string | undefined => {
    const id = pairOf(the(), pair).switchover?.id
    const shownThen = the().records.find(({ kind, data }) => kind === 'proposal' && data.id === id)
    return typeof shownThen?.data.hash === 'string' ? shownThen.data.hash : undefined
  }

  return { tell }
}

function answerLines(stamp: string, answer: Answer): readonly string[] {
  if (answer.code === 'accepted' && answer.text === 'noted') return []
  return [
    `${stamp}  answer   ${answer.code}: ${answer.text}`,
    ...(answer.difference ?? []).map((line) => `                    ~ ${line}`),
    ...(answer.obstacles ?? []).map(
      (one) =>
        `                    - ${one.title}: ${one.value} [needs ${one.threshold}; clears when ${one.clearsWhen}]`,
    ),
  ]
}

const opcodes: Readonly<Record<number, string>> = {
  42405: 'CLAIM',
  50115: 'SELECT',
  38505: 'OPERATE',
  61455: 'CANCEL',
}
const actions: Readonly<Record<number, string>> = {
  52275: ' GO_ACTIVE',
  43605: ' GO_STANDBY',
  0: '',
}
const opcodeText = (words: readonly number[]): string =>
  `${opcodes[words[5] ?? 0]}${actions[words[6] ?? 0]} epoch ${words[2]} seq ${words[4]}`

const durationMs = (text: string): number => {
  const match = /^(-?[\d.]+)(ms|s|m|h)$/.exec(text)
  if (!match) throw new Error(`"${text}" is no duration`)
  return Number(match[1]) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] as 'ms']
}

const wordsOf = (command: string): readonly string[] => command.trim().split(/\s+/)

/** `role=primary when.opcode=OPERATE` as an object. */
function parametersOf(words: readonly string[]): object {
  const out: Record<string, unknown> = {}
  for (const word of words) {
    const [key = '', value = ''] = word.split('=')
    const [outer = '', inside] = key.split('.')
    const typed =
      value === 'true'
        ? true
        : value === 'false'
          ? false
          : /^-?[\d.]+$/.test(value)
            ? Number(value)
            : value
    if (inside === undefined) out[outer] = typed
    else out[outer] = { ...(out[outer] as object | undefined), [inside]: typed }
  }
  return out
}
