// Binds the methods of pairs, units and switchovers. A method gives the order that its name says and hands back the supervisor's
// answer in words, also when the status code is bad.

import {
  DataType,
  type ISessionContext,
  MessageSecurityMode,
  StatusCodes,
  type UAMethod,
  Variant,
  VariantArrayType,
} from 'node-opcua'
import { type UnitId, unitIds } from '../../core/plant.ts'
import type { Layout } from './layout.ts'
import type { OrderRequest } from './messages.ts'
import type { PairMethod, SwitchoverMethod, UnitMethod } from './model-methods.ts'
import { pairId, switchoverId, unitId } from './node-names.ts'
import { type Orders, statusOf } from './orders.ts'
import type { Given } from './take-order.ts'

/** `list`: the one argument that is a list, where there is one. */
type Make = (texts: readonly string[], list: readonly string[]) => OrderRequest

export function bindMethods(
  methods: ReadonlyMap<string, UAMethod>,
  layout: Layout,
  orders: Orders,
): void {
  const bind = (node: string, makers: Readonly<Record<string, Make>>): void => {
    for (const [name, make] of Object.entries(makers)) {
      const method = methods.get(`${node}.${name}`)
      if (method === undefined) throw new Error(`no method ${node}.${name}`)
      bindOne(method, make, orders)
    }
  }
  for (const { name } of layout.pairs) {
    bind(switchoverId(name), switchoverMakers(name))
    bind(pairId(name), pairMakers(name))
    for (const unit of unitIds) bind(unitId(name, unit), unitMakers(name, unit))
  }
}

function bindOne(method: UAMethod, make: Make, orders: Orders): void {
  method.bindMethod(async (inputs: Variant[], context: ISessionContext) => {
    const request = make(inputs.map(textOf), inputs.flatMap(listOf))
    if (carriesPassword(request) && !isEncrypted(context)) {
      const text = 'a password was sent over a connection that does not encrypt; change it'
      const outputs = outputsOf({ code: 'forbidden', text })
      return { statusCode: StatusCodes.BadSecurityModeInsufficient, outputArguments: outputs }
    }
    const given = await orders.give(context, request)
    return { statusCode: statusOf(given), outputArguments: outputsOf(given) }
  })
}

const isList = ({ arrayType }: Variant): boolean => arrayType === VariantArrayType.Array
const textOf = (input: Variant): string => (isList(input) ? '' : String(input.value ?? ''))
const listOf = (input: Variant): readonly string[] =>
  isList(input) ? Array.from(input.value ?? [], String) : []

const carriesPassword = (request: OrderRequest): boolean =>
  request.kind === 'confirm' && (request.password !== '' || request.approverPassword !== '')

const isEncrypted = ({ session }: ISessionContext): boolean =>
  session?.channel?.securityMode === MessageSecurityMode.SignAndEncrypt

function outputsOf({ code, text, switchover, obstacles, difference }: Given): Variant[] {
  const details = [
    ...(obstacles ?? []).map(
      ({ title, value, threshold, clearsWhen }) =>
        `${title}: ${value} (wanted: ${threshold}); clears when ${clearsWhen}`,
    ),
    ...(difference ?? []),
  ]
  return [
    ...[code, text, switchover ?? ''].map(
      (value) => new Variant({ dataType: DataType.String, value }),
    ),
    new Variant({ dataType: DataType.String, arrayType: VariantArrayType.Array, value: details }),
  ]
}

const prepare = (
  pair: string,
  to: string,
  reason: string,
  rest: { readonly dryRun?: true; readonly overrides?: readonly string[] },
): OrderRequest => ({
  ...{ kind: 'prepare', pair, to, reason },
  ...{ dryRun: rest.dryRun ?? false, overrides: rest.overrides ?? [] },
})

const switchoverMakers = (pair: string): Readonly<Record<SwitchoverMethod, Make>> => ({
  Prepare: ([to = '', reason = '']) => prepare(pair, to, reason, {}),
  PrepareWithOverrides: ([to = '', reason = ''], overrides) =>
    prepare(pair, to, reason, { overrides }),
  DryRun: ([to = '']) => prepare(pair, to, '', { dryRun: true }),
  Confirm: ([
    switchover = '',
    evidenceHash = '',
    typedName = '',
    reason = '',
    password = '',
    approver = '',
    approverPassword = '',
  ]) => ({
    ...{ kind: 'confirm', switchover, evidenceHash, typedName, reason },
    ...{ password, approver, approverPassword },
  }),
  Reject: ([switchover = '', reason = '']) => ({ kind: 'reject', switchover, reason }),
  Extend: ([switchover = '']) => ({ kind: 'extend', switchover }),
  Abort: ([switchover = '', reason = '']) => ({ kind: 'abort', switchover, reason }),
})

const pairMakers = (pair: string): Readonly<Record<PairMethod, Make>> => ({
  LockOut: ([reason = '']) => ({ kind: 'lockout', pair, on: true, reason }),
  ReleaseLockout: ([reason = '']) => ({ kind: 'lockout', pair, on: false, reason }),
  Resolve: ([way = '', reason = '', attest = '']) => ({
    ...{ kind: 'resolve', pair, way, reason, attest },
  }),
})

const unitMakers = (pair: string, unit: UnitId): Readonly<Record<UnitMethod, Make>> => ({
  TakeOutOfService: ([reason = '']) => ({ kind: 'out-of-service', pair, unit, on: true, reason }),
  PutInService: ([reason = '']) => ({ kind: 'out-of-service', pair, unit, on: false, reason }),
  Qualified: ([reason = '']) => ({ kind: 'qualified', pair, unit, reason }),
})
