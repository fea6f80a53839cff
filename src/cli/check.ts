// `check FILE`: reads a plant file, prints every fault with its place, or what is supervised and what follows from the
// numbers. Asks no device and changes nothing.

import { type LoadResult, loadPlant } from '../config/load.ts'
import { type ConfigFault, faultText } from '../config/source.ts'
import { switchTimeLimitMs } from '../config/timing.ts'
import type { TlsFiles } from '../core/http-settings.ts'
import { CertificateError, expiryWarning, readCertificate } from '../serve/web/certificate.ts'
import type { BusReport } from './bus-report.ts'
import { ownNearEnd } from './certs.ts'
import { commonCauses } from './common-causes.ts'
import { type Load, type PairReport, type PlantReport, plantReport } from './plant-report.ts'
import { wrap } from './table.ts'

const okCode = 0
const faultCode = 2

/** Answers the exit code: 0 when the file is right (warnings or not), 2 when it has faults. */
export async function check(
  file: string,
  options: { readonly json: boolean },
  out: (line: string) => void,
): Promise<number> {
  const result = loadPlant(file)
  if (!result.ok) {
    for (const line of options.json ? [asJson(result)] : faultLines(file, result.faults)) out(line)
    return faultCode
  }
  const report = plantReport(result.plant)
  const causes = await commonCauses(result.plant)
  const certificate = [...certificateLines(result.plant.http.tls), ...ownNearEnd(result.plant)]
  const lines = options.json
    ? [asJson(result, { ...report, certificate, commonCauses: causes })]
    : reportLines(file, report, [...result.warnings.map(faultText), ...certificate], causes)
  for (const line of lines) out(line)
  return okCode
}

function asJson(result: LoadResult, report?: object): string {
  if (!result.ok) return JSON.stringify({ ok: false, faults: result.faults })
  return JSON.stringify({ ok: true, warnings: result.warnings, ...report })
}

/** What has to be done about the certificate of the HTTPS door; looks at its files. */
function certificateLines(tls: TlsFiles | undefined): readonly string[] {
  if (tls === undefined) return []
  try {
    const warning = expiryWarning(readCertificate(tls).expiresWallMs, Date.now())
    return warning === undefined ? [] : [`${tls.certificate}: ${warning}`]
  } catch (fault) {
    if (fault instanceof CertificateError) return [fault.message]
    throw fault
  }
}

function faultLines(file: string, faults: readonly ConfigFault[]): readonly string[] {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
  return [...faults.map(faultText), `${file}: ${count}`]
}

function reportLines(
  file: string,
  report: PlantReport,
  warnings: readonly string[],
  causes: readonly string[],
): readonly string[] {
  const many = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`
  const counts = `${many(report.pairs.length, 'pair')}, ${many(report.ups.length, 'UPS unit')}`
  return [
    `${file}: no faults. ${report.site}: ${counts}, mode ${report.mode}.`,
    `digest ${report.digest}`,
    ...(warnings.length > 0 ? ['', 'Warnings'] : []),
    ...warnings,
    ...report.pairs.flatMap(pairLines),
    ...(report.ups.length > 0 ? ['', 'UPS units'] : []),
    ...report.ups.map(
      (ups) => `  ${loadText(ups)}; called lost after at most ${seconds(ups.lostNoticedMs)}`,
    ),
    ...report.lines.flatMap(busLines),
    ...historyLines(report),
    '',
    'Single points of failure and common causes',
    ...causes.flatMap((cause) => wrap(cause, 100, '  - ')),
  ]
}

function pairLines(pair: PairReport): readonly string[] {
  const doing = pair.supervised ? 'supervised' : 'only watched'
  const sum = pair.switchTime.parts.map((part) => `${part.what} ${part.ms}`).join(' + ')
  const facts = [
    `a unit without an answer is called lost after at most ${seconds(pair.lossNoticedMs)}, a frozen one after at most ${seconds(pair.frozenNoticedMs)}`,
    `longest blind window: ${seconds(pair.blindMs)}; for so long an old role or value may still be taken for true`,
    ...(pair.supervised ? [...commandTexts(pair, sum), waitText(pair)] : []),
    `load: ${pair.load.map(loadText).join(', ')}`,
    ...(pair.supervised
      ? [`load while a switchover runs: ${pair.burstLoad.map(loadText).join(', ')}`]
      : []),
  ]
  return [
    '',
    `${pair.name}: ${doing}, profile ${pair.profile}, criticality ${pair.criticality}, ${pair.tags} tags (${pair.criticalTags} critical)${pair.digests ? ', digests' : ''}`,
    ...facts.flatMap((fact) => wrap(fact, 100, '  ')),
  ]
}

function historyLines({ history }: PlantReport): readonly string[] {
  if (history === undefined) return []
  const { folder, keepDays, maxMb, perS, fitsDays } = history
  const lasts =
    fitsDays >= keepDays
      ? `that fits even if every tag moved all the time (${perS} values/s)`
      : `if every tag moved all the time (${perS} values/s), only the last ${fitsDays.toPrecision(2)} days would fit`
  const text = `History for SCADA clients in ${folder}: ${keepDays} days, at most ${maxMb} MB; ${lasts}`
  return ['', ...wrap(text, 100, '')]
}

const busLines = ({ line, devices, busyPct, advice }: BusReport): readonly string[] => [
  '',
  `Serial line ${line}: ${devices.join(', ')}, busy for ${busyPct.toFixed(0)} % of the time`,
  ...advice.flatMap((one) => wrap(one, 100, '  - ')),
]

function commandTexts(pair: PairReport, sum: string): readonly string[] {
  const { makersCommand } = pair
  if (makersCommand === undefined) return [commandText(pair), selectText(pair, sum)]
  const { idempotence, limitMs, persons } = makersCommand
  const who = persons === 2 ? 'two persons confirm it' : 'one person confirms it'
  return [
    `switched by a command of its maker, ${idempotence}, which nothing fences; ${who}`,
    `its effect is waited for ${seconds(limitMs)}; a command that shows none may still be carried out at any time`,
  ]
}

const commandText = (pair: PairReport): string =>
  `longest window in which two commands could be in flight: ${seconds(pair.commandUnderWayMs)}; ` +
  'one that was given up may be under way for so long, and the unit then refuses it as stale'

const selectText = (pair: PairReport, sum: string): string =>
  `from SELECT to OPERATE: at most ${pair.switchTime.sumMs} of ${switchTimeLimitMs} ms (${sum}; ` +
  'journal sync and round trips are assumed, not measured)'

const waitText = (pair: PairReport): string =>
  `the process tolerates ${seconds(pair.toleratesMs)} without control; a failover waits for a person, who is asked ` +
  `after at most ${seconds(pair.askedAfterMs)}`

const loadText = (load: Load): string => {
  const plain = (perS: number): string => perS.toFixed(1).replace(/\.0$/, '')
  const rate = plain(load.requestsPerS)
  const spare =
    load.spareRequestsPerS === undefined
      ? ''
      : `, ${plain(load.spareRequestsPerS)} on the spare path`
  return `${load.device} ${rate} requests/s (${load.requestsPerScan} a scan${spare})`
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
