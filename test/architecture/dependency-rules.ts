// Who may import whom. The folders are layers around the core; each outside package has the few files that it is for. A new
// file or package that needs more is added to the tables here, with its reason in the commit.

import { importsOf, packageOf } from './imports.ts'
import type { SourceFile, Violation } from './source.ts'

/** Folder of `src` to the folders that it may import besides itself. `cli` and `main.ts` know the others and have no row. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  field: ['core'],
  journal: ['core'],
  cluster: ['core'],
  recorder: ['core'],
  serve: ['core'],
  config: ['core'],
  import: ['core', 'config'],
  // Types of the API, and how a delta is applied; `npm run pages` fails on anything that only Node has.
  hmi: ['core', 'serve'],
}

/** What the core takes from outside: a pure hash, and assertions about ourselves. */
const coreTakes: Readonly<Record<string, readonly string[]>> = {
  'node:crypto': ['createHash'],
  'node:assert': ['*'],
}

/** Package to the files of `src` that may import it; a path that ends in `/` means the whole folder. */
export const packageTable: Readonly<Record<string, readonly string[]>> = {
  rxjs: ['src/field/poller.ts', 'src/serve/', 'src/supervisor.ts'],
  'modbus-serial': ['src/field/modbus/transport.ts', 'src/field/modbus/rtu-transport.ts'],
  serialport: ['src/field/modbus/serial-cable.ts'],
  'node-opcua': ['src/field/opcua/', 'src/serve/opcua/'],
  yaml: [
    'src/config/',
    'src/serve/users-file.ts',
    'src/cli/demo-plant.ts',
    'src/import/write-yaml.ts',
  ],
  'csv-parse': ['src/import/csv-header.ts', 'src/import/csv-table.ts'],
  'fast-xml-parser': ['src/import/xml.ts'],
  'net-snmp': ['src/field/snmp/'],
  zod: [
    'src/config/',
    'src/serve/users-file.ts',
    'src/serve/web/bodies.ts',
    'src/serve/web/handler.ts',
    'src/serve/web/openapi.ts',
    'src/serve/web/orders.ts',
    'src/serve/web/parts.ts',
  ],
  preact: ['src/hmi/'],
  '@preact/signals': ['src/hmi/'],
  uplot: ['src/hmi/parts/trend.tsx'],
  esbuild: ['src/hmi/build.ts'],
  fastify: ['src/serve/web/'],
  '@fastify/rate-limit': ['src/serve/web/server.ts'],
  'prom-client': ['src/serve/web/metrics.ts'],
  '@fastify/cookie': ['src/serve/web/cookie.ts'],
  commander: ['src/main.ts', 'src/cli/'],
  pino: ['src/cli/run-log.ts'],
  'node:net': ['src/field/', 'src/cli/demo-plant.ts', 'src/serve/opcua/'],
  'node:sqlite': ['src/serve/history/'],
  'node:http': ['src/serve/web/'],
  'node:child_process': ['src/cli/demo-process.ts', 'src/cli/notify.ts'],
}

/** They would remember the domain or hold values back outside the core. */
const bannedOperators = ['scan', 'combineLatest', 'withLatestFrom', 'debounceTime']

/** Imports between the folders of `src`. */
export function layerViolations(files: readonly SourceFile[]): readonly Violation[] {
  return eachImport(files, (file, { target, typesOnly }) => {
    if (target === undefined || !file.path.startsWith('src/')) return undefined
    const from = layerOf(file.path)
    const to = layerOf(target)
    if (to === 'src') return entryViolation(from, target)
    if (from === to || from === 'cli') return undefined
    if (from === 'src') return topViolation(file.path, to, typesOnly)
    if (mayImport[from]?.includes(to)) return undefined
    const allowed = [from, ...(mayImport[from] ?? [])].join(' and ')
    return `${from} imports ${target}: ${from} may import only ${allowed}; hand the part in from cli/run.ts`
  })
}

/** What the core imports from outside itself. */
export function coreImportViolations(files: readonly SourceFile[]): readonly Violation[] {
  return eachImport(files, (file, { target, specifier, names }) => {
    if (!file.path.startsWith('src/core/') || target !== undefined) return undefined
    const taken = coreTakes[packageOf(specifier)]
    if (taken?.includes('*') || (taken && names.every((name) => taken.includes(name))))
      return undefined
    return `the core takes { ${names.join(', ')} } from ${specifier}: hand it in through Input or State`
  })
}

/** The product and the practice plant share no code, and the practice plant needs no package. */
export function practicePlantViolations(files: readonly SourceFile[]): readonly Violation[] {
  return eachImport(files, (file, { target, specifier }) => {
    const top = file.path.split('/')[0]
    const other = top === 'src' ? 'plc-sim/' : 'src/'
    if (top !== 'src' && top !== 'plc-sim') return undefined
    if (target?.startsWith(other))
      return `imports ${target}: src and plc-sim share no code, write it again from docs/protocols.md`
    if (target?.startsWith('test/')) return `imports ${target}: only tests import tests`
    const opcUa = file.path === 'plc-sim/opcua.ts' && packageOf(specifier) === 'node-opcua'
    if (top === 'plc-sim' && target === undefined && !specifier.startsWith('node:') && !opcUa)
      return `imports ${specifier}: plc-sim uses Node alone, and node-opcua in opcua.ts`
    return undefined
  })
}

/** Packages, each where the table says. */
export function packageViolations(files: readonly SourceFile[]): readonly Violation[] {
  return eachImport(files, (file, { target, specifier }) => {
    if (target !== undefined || !file.path.startsWith('src/')) return undefined
    const name = packageOf(specifier)
    const places = packageTable[name]
    if (places === undefined && name.startsWith('node:')) return undefined
    if (
      places?.some((place) =>
        place.endsWith('/') ? file.path.startsWith(place) : file.path === place,
      )
    )
      return undefined
    return places === undefined
      ? `imports ${name}, which no row of the package table names; use what is there or add a row`
      : `imports ${name}: it belongs in ${places.join(', ')}`
  })
}

/** Operators that keep state of the domain outside the core. */
export function operatorViolations(files: readonly SourceFile[]): readonly Violation[] {
  return eachImport(files, (_file, { specifier, names }) => {
    const found =
      packageOf(specifier) === 'rxjs' ? names.filter((one) => bannedOperators.includes(one)) : []
    return found.length === 0
      ? undefined
      : `uses ${found.join(', ')}: what is remembered of the plant belongs in the core's State`
  })
}

/** `src/core/plan.ts` is of the layer `core`, `src/main.ts` of the layer `src`. */
function layerOf(path: string): string {
  const [top = '', folder = '', file] = path.split('/')
  return top === 'src' && file !== undefined ? folder : top
}

function entryViolation(from: string, target: string): string | undefined {
  if (target === 'src/supervisor.ts' && from === 'cli') return undefined
  return `imports ${target}: only cli/run.ts puts the supervisor together, and nothing imports an entry`
}

function topViolation(path: string, to: string, typesOnly: boolean): string | undefined {
  if (path === 'src/main.ts')
    return to === 'cli' ? undefined : `main.ts imports ${to}: it knows the commands in cli alone`
  if (to === 'core' || (typesOnly && to !== 'cli')) return undefined
  return `the cycle imports ${to}: it takes types only; the part is handed in by cli/run.ts`
}

function eachImport(
  files: readonly SourceFile[],
  judge: (file: SourceFile, one: ReturnType<typeof importsOf>[number]) => string | undefined,
): readonly Violation[] {
  return files.flatMap((file) =>
    importsOf(file).flatMap((one) => {
      const what = judge(file, one)
      return what === undefined ? [] : [{ path: file.path, line: one.line, what }]
    }),
  )
}
