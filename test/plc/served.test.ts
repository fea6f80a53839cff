// `probe --block` against the Structured Text itself, served over Modbus: it passes as shipped, and a program with a mistake in it is found
// out without its role moving.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bumpless } from '../cli/command.ts'
import { writePlantFile } from '../whole/plant-file.ts'
import { ServedUnit } from './served-unit.ts'
import { plcFiles, plcText } from './st-unit.ts'

type Told = {
  readonly program: string
  readonly trials: readonly { title: string; seen: string; passed: boolean; faults: string[] }[]
  readonly notSeen: readonly { expected: string }[]
  readonly stopped?: string
}

/** What stands in the text, a mistake in its place, and what the record says of it. */
const mistakes: readonly (readonly [what: string, right: string, wrong: string, said: RegExp])[] = [
  [
    'that takes blocks for any unit',
    'IF WORD_TO_UINT(Block[7]) <> UnitNumber THEN',
    'IF UnitNumber = 0 THEN',
    /meant for another unit.*CLAIMED/,
  ],
  [
    'that does not look at the challenge',
    'Block[10]) <> Challenge THEN',
    'Block[10]) = DWORD#16#1 THEN',
    /challenge that was not issued.*CLAIMED/,
  ],
  [
    'that takes any commit word',
    '(Block[17] = NOT Block[4])',
    '(Block[4] = Block[4])',
    /commit word.*CLAIMED/,
  ],
  ['that takes any reserved word', 'AND (Block[16] = NOTHING)', '', /reserved word.*CLAIMED/],
  [
    'that takes a claim of the same epoch',
    'BlockEpoch <= Epoch',
    'BlockEpoch < Epoch',
    /epoch that stands.*CLAIMED/,
  ],
  [
    'that takes a step of any size',
    'EPOCH_STEP : UDINT := 1000',
    'EPOCH_STEP : UDINT := 2000',
    /1001 epochs higher.*CLAIMED/,
  ],
  ['that does not fence other owners', 'OR (Block[3] <> Owner)', '', /another owner.*CANCELLED/],
  [
    'that takes a number again',
    'BlockSeq <= Accepted',
    'BlockSeq < Accepted',
    /number that was used.*CANCELLED/,
  ],
  [
    'that operates without a select',
    'ELSIF Phase = IS_IDLE THEN',
    'ELSIF Phase = 7 THEN',
    /without a select/,
  ],
  [
    'that does not compare the evidence',
    'OR (BlockEvidence <> Evidence)',
    '',
    /other evidence.*EXECUTING|other evidence.*DONE/,
  ],
  [
    'that does not look at the other unit',
    'PeerIsDead := PeerNotActive OR PeerIsolated',
    'PeerIsDead := TRUE',
    /beside a live unit.*SELECTED/,
  ],
  [
    'whose timer runs slow',
    'PhaseLeftMs - ElapsedMs;',
    'PhaseLeftMs - 1;',
    /its timer counted \d+ ms in \d+ to \d+ ms/,
  ],
  [
    'that lets a selection stand for as long as it is asked',
    'SELECT_MS : UDINT := 3000',
    'SELECT_MS : UDINT := 65535',
    /ms left, more than 3000/,
  ],
  [
    'that keeps its challenge',
    '      Challenge := BUMPLESS_CHALLENGE(Issued);',
    '',
    /no new challenge/,
  ],
]

describe('probe --block', function () {
  this.timeout(60_000)

  const probed = async (served: ServedUnit) => {
    const folder = await mkdtemp(join(tmpdir(), 'bumpless-st-'))
    try {
      const ports = { 'ups-1': 1, 'ups-2': 2 }
      const paths = () => [{ modbus: served.address, unit: 1, lan: 'lan-1' }]
      const plantPaths = (device: string) =>
        device === 'intake.B' ? paths() : [{ modbus: 'tcp://127.0.0.1:9', unit: 1, lan: 'lan-1' }]
      const file = await writePlantFile({
        ...{ pairs: ['intake'], ports, httpPort: 8080, folder, paths: plantPaths },
      })
      const words = ['probe', 'intake.B', '--block', '--plant', file, '--yes-write', '--json']
      const environment = { PATH: process.env.PATH, LANG: 'C.UTF-8' }
      const more = ['--device-name', 'intake.B', '--unattended']
      const { code, out, error } = await bumpless(environment, [...words, ...more], '', 25_000)
      assert.ok(out.startsWith('{'), error)
      return { code, told: JSON.parse(out) as Told }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  it('passes against the Structured Text as it is shipped', async () => {
    const served = await ServedUnit.start()
    const { code, told } = await probed(served)
    await served.close()
    assert.equal(code, 0, JSON.stringify(told))
    assert.equal(told.program, '0BADCAFE')
    assert.ok(told.trials.length > 20)
    assert.deepEqual([...served.roles], [2])
  })

  for (const [what, right, wrong, said] of mistakes) {
    it(`finds out a program ${what}, and its role stays`, async () => {
      assert.ok(
        plcFiles.some((file) => plcText(file).includes(right)),
        'the text has changed',
      )
      const served = await ServedUnit.start((text) => text.replaceAll(right, wrong))
      const { code, told } = await probed(served)
      await served.close()
      const wrongOnes = told.trials.filter(({ passed }) => !passed)
      const lines = wrongOnes.map(({ title, seen, faults }) => [title, seen, ...faults].join(': '))
      assert.equal(code, 1, JSON.stringify(told))
      assert.match([...lines, told.stopped ?? ''].join('\n'), said)
      assert.deepEqual([...served.roles], [2], 'the role moved')
    })
  }
})
