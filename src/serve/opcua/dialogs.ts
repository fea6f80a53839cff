// The confirmation prompt as a DialogCondition. A dialog stands for one proposal and the evidence that was shown for it: when either
// changes, it is withdrawn and another one asks, so that an answer can only mean what was on the screen. The library builds the nodes
// and knows no behaviour.

import {
  coerceLocalizedText,
  DataType,
  type ISessionContext,
  LocalizedText,
  type Namespace,
  type StatusCode,
  StatusCodes,
  type UAConditionEx,
  type UAMethod,
  type UAObject,
  type UAVariable,
  Variant,
  VariantArrayType,
} from 'node-opcua'
import type { PairView, SwitchoverView } from '../../core/view.ts'
import { promptsOf } from '../screen-events.ts'
import { openProposal } from './model-pair.ts'
import { dialogId } from './node-names.ts'
import { type Orders, statusOf } from './orders.ts'
import { callPermissions } from './permissions.ts'

export type Dialogs = {
  /** Asks, goes on asking, or withdraws, as the pair now stands. */
  show(pair: PairView, wallMs: number): void
}

export type DialogParts = {
  readonly namespace: Namespace
  readonly sourceOf: (pair: string) => UAObject
  readonly orders: Orders
}

/** Dialogs that were answered stay to be looked at; the oldest go first. */
const answeredMax = 50

type Dialog = {
  readonly node: UAConditionEx
  readonly pair: string
  readonly proposal: SwitchoverView
  readonly hash: string
  open: boolean
}

export function openDialogs(parts: DialogParts): Dialogs {
  const asking = new Map<string, Dialog>()
  const shown = new Map<string, PairView>()
  const answered: Dialog[] = []

  const withdraw = (dialog: Dialog, pair: PairView, wallMs: number): void => {
    asking.delete(dialog.pair)
    dialog.open = false
    const fate = promptsOf(shown.get(dialog.pair), pair, 0).find(
      ({ change }) => change === 'withdrawn',
    )
    const text =
      fate?.change === 'withdrawn' ? fate.text : 'the evidence has changed; another prompt asks'
    const by = fate?.change === 'withdrawn' ? (fate.by ?? '') : ''
    settle(dialog.node, text, by, wallMs)
    answered.push(dialog)
    const oldest = answered.length > answeredMax ? answered.shift() : undefined
    if (oldest !== undefined) parts.namespace.deleteNode(oldest.node)
  }

  return {
    show: (pair, wallMs) => {
      const proposal = openProposal(pair)
      const hash = proposal?.evidence?.hash ?? ''
      const standing = asking.get(pair.name)
      const same = standing?.hash === hash && standing.proposal.id === proposal?.id
      if (standing !== undefined && !same) withdraw(standing, pair, wallMs)
      if (proposal !== undefined && !asking.has(pair.name)) {
        asking.set(pair.name, ask(parts, pair.name, proposal, wallMs))
      }
      shown.set(pair.name, pair)
    },
  }
}

const confirmWord = 'Confirm'
const rejectWord = 'Reject'

/** What a dialog can carry: it has no fields for a typed name, a password or a second person. */
const mayConfirm = ({ needs }: SwitchoverView): boolean =>
  !needs.typedName && !needs.reauthentication && !needs.secondPerson

function ask(parts: DialogParts, pair: string, proposal: SwitchoverView, wallMs: number): Dialog {
  const { namespace } = parts
  const revision = proposal.evidence?.revision ?? 0
  const source = parts.sourceOf(pair)
  const node = namespace.instantiateCondition('DialogConditionType', {
    ...{ browseName: 'ConfirmationDialog', nodeId: `s=${dialogId(pair, proposal.id, revision)}` },
    ...{ conditionName: `${pair} ${proposal.id}`, conditionSource: source, conditionOf: source },
    componentOf: source,
    optionals: ['Respond2'],
  })
  const dialog: Dialog = {
    ...{ node, pair, proposal, hash: proposal.evidence?.hash ?? '', open: true },
  }
  const options = mayConfirm(proposal) ? [confirmWord, rejectWord] : [rejectWord]
  // The library would put the number of our namespace before it.
  set(node, 'SourceName', new Variant({ dataType: DataType.String, value: pair }))
  set(node, 'Prompt', localized(promptText(proposal)))
  set(
    node,
    'ResponseOptionSet',
    new Variant({
      ...{ dataType: DataType.LocalizedText, arrayType: VariantArrayType.Array },
      value: options.map((text) => coerceLocalizedText(text)),
    }),
  )
  const reject = options.indexOf(rejectWord)
  set(node, 'DefaultResponse', number(reject))
  set(node, 'OkResponse', number(options.indexOf(confirmWord)))
  set(node, 'CancelResponse', number(reject))
  set(node, 'LastResponse', number(-1))
  showState(node, true)
  for (const name of ['Respond', 'Respond2']) {
    const method = node.getMethodByName(name)
    if (method !== null) bindRespond(method, dialog, options, parts.orders)
  }
  const branch = node.currentBranch()
  branch.setSeverity(900, { sourceTimestamp: new Date(wallMs) })
  branch.setMessage(promptText(proposal))
  raise(node, true, wallMs)
  return dialog
}

function promptText({ id, evidence, needs }: SwitchoverView): string {
  const [question = '', hash = ''] = [evidence?.question, evidence?.hash]
  const lacking = [
    ...(needs.typedName ? ["the pair's name typed"] : []),
    ...(needs.reauthentication ? ['your password'] : []),
    ...(needs.secondPerson ? ['a second person'] : []),
  ]
  const how =
    lacking.length > 0
      ? ` To confirm it needs ${lacking.join(', ')}: call Switchover.Confirm.`
      : needs.reason
        ? ' A reason is needed: answer with Respond2 and a comment.'
        : ''
  const risks = evidence?.risks.join('; ') ?? ''
  return `${question} ${risks === '' ? '' : `Risks: ${risks}.`}${how} (${id}, evidence ${hash.slice(0, 8)})`
}

function bindRespond(
  method: UAMethod,
  dialog: Dialog,
  options: readonly string[],
  orders: Orders,
): void {
  method.setRolePermissions(callPermissions('confirm'))
  method.bindMethod(async (inputs: Variant[], context: ISessionContext) => ({
    statusCode: await respond(dialog, options, orders, inputs, context),
    outputArguments: [],
  }))
}

async function respond(
  dialog: Dialog,
  options: readonly string[],
  orders: Orders,
  [selected, comment]: readonly Variant[],
  context: ISessionContext,
): Promise<StatusCode> {
  const answer = options[Number(selected?.value)]
  if (!dialog.open) return StatusCodes.BadDialogNotActive
  if (answer === undefined) return StatusCodes.BadDialogResponseInvalid
  const { proposal, hash, node } = dialog
  const words: unknown = comment?.value
  const reason = words instanceof LocalizedText ? (words.text ?? '') : ''
  const given = await orders.give(
    context,
    answer === rejectWord
      ? { kind: 'reject', switchover: proposal.id, reason }
      : {
          ...{ kind: 'confirm', switchover: proposal.id, evidenceHash: hash, reason },
          ...{ typedName: '', password: '', approver: '', approverPassword: '' },
        },
  )
  switch (given.code) {
    case 'accepted':
      set(node, 'LastResponse', number(Number(selected?.value)))
      return StatusCodes.Good
    case 'busy':
    case 'expired':
    case 'not-found':
    case 'evidence-changed':
      return StatusCodes.BadDialogNotActive
    case 'invalid':
      return StatusCodes.BadDialogResponseInvalid
    case 'forbidden':
    case 'obstacles':
      return statusOf(given)
  }
}

/** The last event of a dialog: who answered where, or why it is void. */
function settle(node: UAConditionEx, text: string, by: string, wallMs: number): void {
  showState(node, false)
  const branch = node.currentBranch()
  branch.setMessage(text)
  branch.setClientUserId(by)
  raise(node, false, wallMs)
}

function raise(node: UAConditionEx, retain: boolean, wallMs: number): void {
  const branch = node.currentBranch()
  branch.setRetain(retain)
  branch.setQuality(StatusCodes.Good)
  branch.setTime(new Date(wallMs))
  branch.setReceiveTime(new Date())
  node.raiseConditionEvent(branch, true)
}

function showState(node: UAConditionEx, active: boolean): void {
  set(node, 'DialogState', localized(active ? 'Active' : 'Inactive'))
  const state = node.getComponentByName('DialogState')
  const id = state?.getPropertyByName('Id')
  id?.setValueFromSource({ dataType: DataType.Boolean, value: active })
}

function set(node: UAConditionEx, name: string, value: Variant): void {
  const child: unknown = node.getChildByName(name)
  if (!isVariable(child)) throw new Error(`a dialog has no ${name}`)
  child.setValueFromSource(value)
}

const isVariable = (node: unknown): node is UAVariable =>
  typeof node === 'object' && node !== null && 'setValueFromSource' in node

const localized = (text: string): Variant =>
  new Variant({ dataType: DataType.LocalizedText, value: coerceLocalizedText(text) })
const number = (value: number): Variant => new Variant({ dataType: DataType.Int32, value })
