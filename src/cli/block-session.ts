// One run of `probe --block`: brings the unit where each trial needs it, sends, judges the answer, asks the person at the panel. It ends at
// once when the unit accepts what it must refuse, when its role moves, or when somebody else claims it.

import { executeTimeout, has, type StatusBlock } from '../core/block.ts'
import { ask } from './ask.ts'
import { type BlockLine, pause, type Sent } from './block-line.ts'
import { codeText, expectation, type NotSeen, type RecordedTrial } from './block-record.ts'
import {
  type Claim,
  cannotSelect,
  type Errand,
  type Trial,
  trialsFor,
  trialWords,
} from './block-trials.ts'
import { exitCode, Halt } from './outcome.ts'
import type { Terminal } from './terminal.ts'

/** Time to live of the selection that is left to lapse, and of the one that the unit must shorten, ms. */
const shortMs = 1000
const longMs = 60_000
const clampMs = 3000
/** How far the unit's timer may be from our clock over a second: a scan of a slow unit, ms. */
const clockSlackMs = 150

const accepts = (expected: Trial['expected']): boolean =>
  typeof expected === 'number' && expected < 16

export class BlockSession {
  readonly recorded: RecordedTrial[] = []
  readonly notSeen: NotSeen[] = []
  readonly #terminal: Terminal
  readonly #line: BlockLine
  readonly #found: StatusBlock
  readonly #owner: number
  #epoch: number
  #seq: number
  #claimed = false

  constructor(terminal: Terminal, line: BlockLine, found: StatusBlock, owner: number) {
    this.#terminal = terminal
    this.#line = line
    this.#found = found
    this.#owner = owner
    this.#epoch = found.epoch + 1
    // Away from whatever was judged last, so that an old judgement is never taken for a new one.
    this.#seq = (found.judged + 100) % 30_000
  }

  /** @returns why it ended before its end */
  async run(attended: boolean): Promise<string | undefined> {
    try {
      for (const trial of trialsFor(this.#found)) await this.#try(trial, attended)
      await this.#timers()
      if (attended) await this.#executeTimeout()
      else
        this.#leaveOut('an OPERATE that the controller does not carry out', executeTimeout, byHand)
      return undefined
    } catch (fault) {
      if (fault instanceof Halt) return fault.message
      throw fault
    } finally {
      await this.#leaveIdle()
    }
  }

  get #claim(): Claim {
    return {
      epoch: this.#epoch,
      owner: this.#owner,
      nextSeq: () => {
        this.#seq += 1
        return this.#seq
      },
    }
  }

  async #try(trial: Trial, attended: boolean): Promise<void> {
    const { title, expected, person } = trial
    const unit = await this.#brought(trial.in === 'as found' ? undefined : 'idle')
    const obstacle = trial.obstacle?.(unit)
    if (obstacle !== undefined) return this.#leaveOut(title, expected, obstacle)
    const needsPerson = person !== undefined && !person.done(unit)
    if (needsPerson && !attended) return this.#leaveOut(title, expected, byHand)
    if (needsPerson && !(await this.#ask(person.first, person.done))) {
      return this.#leaveOut(title, expected, 'left out')
    }
    if (trial.in === 'selected') await this.#brought('selected')
    const now = await this.#line.status()
    await this.#send(title, expected, trial.words(now, this.#claim))
    if (person && (needsPerson || !person.undone(now))) await this.#restore(person)
  }

  async #restore({ afterwards, undone }: Errand): Promise<void> {
    if (!(await this.#ask(afterwards, undone))) throw new Halt(`left out: ${afterwards}`)
    const { epoch, owner } = await this.#line.status()
    // What was lost with the retained data is claimed again, as the rest of the trials need it.
    if (this.#claimed && (epoch !== this.#epoch || owner !== this.#owner)) {
      // Above the epoch before, which the other unit still has: re-armed, the unit takes any step.
      this.#epoch += 1
      this.#claimed = false
      const claim = trialWords(await this.#line.status(), this.#claim, { opcode: 'CLAIM' })
      await this.#send('a claim after re-arming', 2, claim)
    }
  }

  /** The unit in that state, by a CANCEL or by a SELECT of the role that it has. */
  async #brought(state: 'idle' | 'selected' | undefined): Promise<StatusBlock> {
    const unit = await this.#line.status()
    this.#refuseStrangers(unit)
    if (state === undefined || !this.#claimed || has(unit, state)) return unit
    const opcode = state === 'idle' ? 'CANCEL' : 'SELECT'
    const { after, fate } = await this.#line.send(trialWords(unit, this.#claim, { opcode }))
    if (has(after, state)) return after
    throw new Halt(`a ${opcode} to bring the unit on was ${fate}: ${codeText(after.result)}`)
  }

  #refuseStrangers({ role, epoch, owner }: StatusBlock): void {
    if (role !== this.#found.role) throw new Halt(`the role has become ${role}`)
    const ours = epoch === this.#epoch && owner === this.#owner
    const asFound = epoch === this.#found.epoch && owner === this.#found.owner
    // Without its retained data the unit shows no claim at all.
    if (!ours && !asFound && epoch !== 0) {
      throw new Halt(`somebody else has claimed the unit: epoch ${epoch} of ${owner.toString(16)}`)
    }
  }

  async #send(
    title: string,
    expected: Trial['expected'],
    words: readonly number[],
    more: (sent: Sent) => readonly string[] = () => [],
  ): Promise<Sent> {
    const atMs = Date.now()
    const sent = await this.#line.send(words)
    const { after, fate, tookMs } = sent
    const seen =
      fate === 'judged' ? codeText(after.result) : fate === 'not sent' ? sent.detail : fate
    if (fate === 'judged' && after.result === 2) this.#claimed = true
    const faults = [...faultsOf(sent, accepts(expected)), ...more(sent)]
    const right = seen === expectation(expected)
    this.#record({ title, words, expected: expectation(expected), seen, faults, atMs, tookMs })
    if (!right && fate === 'judged' && after.result < 16) {
      throw new Halt(`the unit accepted what it must refuse: ${title}`)
    }
    if (fate === 'not sent' || after.role !== this.#found.role) {
      throw new Halt(fate === 'not sent' ? sent.detail : `the role has become ${after.role}`)
    }
    return sent
  }

  #record(trial: Omit<RecordedTrial, 'passed'>): void {
    const good = trial.seen === trial.expected && trial.faults.length === 0
    this.recorded.push({ ...trial, passed: good })
    this.#terminal.control(`\r${this.recorded.length} sent: ${trial.title}\u001b[K`)
  }

  /** That a selection lapses, is shortened to the unit's maximum, and counts down on a true clock. */
  async #timers(): Promise<void> {
    const why = cannotSelect(await this.#brought('idle'))
    if (why !== undefined) return this.#leaveOut('a selection that lapses', 32, why)
    const select = async (ttlMs: number) => {
      const unit = await this.#brought('idle')
      return trialWords(unit, this.#claim, { opcode: 'SELECT', ttlMs })
    }
    await this.#send('a select for a minute', 3, await select(longMs), ({ after }) =>
      after.selectLeftMs <= clampMs ? [] : [`${after.selectLeftMs} ms left, more than ${clampMs}`],
    )
    const drift = await this.#drift()
    const short = await this.#send('a select for a second', 3, await select(shortMs))
    const atMs = Date.now()
    const lapsed = await this.#line.until(({ result }) => result === 32, shortMs + 2000)
    this.#record({
      ...{
        title: 'nothing until the selection lapses',
        words: [],
        atMs,
        tookMs: Date.now() - atMs,
      },
      ...{ expected: expectation(32), seen: codeText((lapsed ?? short.after).result) },
      faults: drift === undefined ? [] : [drift],
    })
  }

  /** How the unit's timer runs beside our clock; undefined when they agree. Pauses of our own count for the unit. */
  async #drift(): Promise<string | undefined> {
    const timed = async () => {
      const fromMs = performance.now()
      const { selectLeftMs } = await this.#line.status()
      return { fromMs, selectLeftMs, toMs: performance.now() }
    }
    const first = await timed()
    await pause(shortMs)
    const second = await timed()
    const countedMs = first.selectLeftMs - second.selectLeftMs
    const leastMs = Math.round(second.fromMs - first.toMs)
    const mostMs = Math.round(second.toMs - first.fromMs)
    const agrees = countedMs >= leastMs - clockSlackMs && countedMs <= mostMs + clockSlackMs
    return agrees ? undefined : `its timer counted ${countedMs} ms in ${leastMs} to ${mostMs} ms`
  }

  /** Nothing is sent: the probe never operates. A person lets it happen from elsewhere, and this looks on. */
  async #executeTimeout(): Promise<void> {
    const title = 'nothing, while another operates a unit that does not obey'
    await this.#brought('idle')
    const first =
      'Let the supervisor order a role change that the controller is kept from carrying out, if that may be done here.'
    const atMs = Date.now()
    if (!(await this.#ask(first, ({ result }) => result === executeTimeout))) {
      return this.#leaveOut(title, executeTimeout, 'left out')
    }
    const code = codeText(executeTimeout)
    const tookMs = Date.now() - atMs
    this.#record({ title, words: [], expected: code, seen: code, faults: [], atMs, tookMs })
    this.#claimed = false
  }

  /** False when the person leaves it out. */
  async #ask(errand: string, holds: (unit: StatusBlock) => boolean): Promise<boolean> {
    this.#terminal.control('\r\u001b[K')
    for (;;) {
      const asked = await ask(this.#terminal, `${errand} Then Enter; s leaves it out:`)
      if (asked.kind !== 'line') throw new Halt('the person left', exitCode.aborted)
      if (asked.text.toLowerCase() === 's') return false
      if ((await this.#line.until(holds, 5000)) !== undefined) return true
      this.#terminal.out('The unit does not show it.')
    }
  }

  #leaveOut(title: string, expected: Trial['expected'], why: string): void {
    this.notSeen.push({ title, expected: expectation(expected), why })
  }

  async #leaveIdle(): Promise<void> {
    this.#terminal.control('\r\u001b[K')
    const unit = await this.#line.until(() => true, 3000)
    const ours = unit?.epoch === this.#epoch && unit.owner === this.#owner
    if (unit && ours && has(unit, 'selected')) {
      await this.#line.send(trialWords(unit, this.#claim, { opcode: 'CANCEL' }))
    }
  }
}

const byHand = 'needs a person at the panel'

/** What the status must show beside the code: a refusal changes nothing, accepting brings a new challenge. */
function faultsOf(
  { before, after, fate, inTwoWrites }: Sent,
  accepted: boolean,
): readonly string[] {
  if (fate === 'not sent' || fate === 'nothing') return []
  const newChallenge = after.challenge !== before.challenge
  const said: string[] = []
  if (newChallenge !== accepted) {
    said.push(accepted ? 'no new challenge' : 'a new challenge although nothing was accepted')
  }
  if (!accepted && after.accepted !== before.accepted)
    said.push('a refused block counts as accepted')
  if (!accepted && after.epoch !== before.epoch) said.push('a refused block changed the epoch')
  if (
    fate === 'thrown away' &&
    (after.result !== before.result || after.judged !== before.judged)
  ) {
    said.push('a block that was thrown away changed result or judged')
  }
  if (fate === 'judged' && !inTwoWrites && after.badBlocks !== before.badBlocks)
    said.push('a bad block was counted')
  return said
}
