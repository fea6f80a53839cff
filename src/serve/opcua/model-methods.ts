// The methods that a person may call, with their arguments. An argument that does not apply is left empty. Every method gives the
// same answer as every other door: a word, a text, and the obstacles or differences that it is about.

import type { Argument, MethodRow } from './rows.ts'

const proposalId: Argument = {
  ...{ name: 'ProposalId', type: 'String', text: 'As in Pending.ProposalId.' },
}
const reason = (text: string): Argument => ({ name: 'Reason', type: 'String', text })

const answer: readonly Argument[] = [
  {
    ...{ name: 'Answer', type: 'String' },
    text: 'accepted, obstacles, evidence-changed, expired, busy, forbidden, not-found or invalid.',
  },
  { name: 'Text', type: 'String', text: 'What was done, or why not and what would clear it.' },
  { name: 'ProposalId', type: 'String', text: 'The switchover that the answer is about.' },
  {
    ...{ name: 'Details', type: 'String', list: true },
    text: 'Obstacles, or what has changed in the evidence.',
  },
]

export const switchoverMethods = [
  {
    ...{ name: 'Prepare', right: 'prepare' },
    text: 'Orders a switchover: gates are judged and a proposal is made.',
    takes: [
      { name: 'Target', type: 'String', text: 'Unit that is to become primary: A or B.' },
      reason('Why the switchover is wanted.'),
    ],
    gives: answer,
  },
  {
    ...{ name: 'PrepareWithOverrides', right: 'override' },
    text: 'As Prepare, and takes the responsibility for gates that may be overridden.',
    takes: [
      { name: 'Target', type: 'String', text: 'Unit that is to become primary: A or B.' },
      reason('Why the switchover is wanted although these gates are not met; needed.'),
      {
        ...{ name: 'Overrides', type: 'String', list: true },
        text: 'Names of the gates, as an answer lists them.',
      },
    ],
    gives: answer,
  },
  {
    ...{ name: 'DryRun', right: 'prepare' },
    text: 'Judges the gates as Prepare does, and starts nothing.',
    takes: [{ name: 'Target', type: 'String', text: 'A or B.' }],
    gives: answer,
  },
  {
    ...{ name: 'Confirm', right: 'confirm' },
    text: 'Confirms the proposal on the evidence that was shown.',
    takes: [
      proposalId,
      { name: 'EvidenceHash', type: 'String', text: 'As in Pending.EvidenceHash.' },
      { name: 'TypedName', type: 'String', text: 'Name of the pair, where it must be typed.' },
      reason('A reason, where one is still needed.'),
      { name: 'Password', type: 'String', text: 'Your password again, where it is asked for.' },
      { name: 'Approver', type: 'String', text: 'Account of the second person.' },
      { name: 'ApproverPassword', type: 'String', text: 'Password of the second person.' },
    ],
    gives: answer,
  },
  {
    ...{ name: 'Reject', right: 'reject' },
    text: 'Turns the proposal down; nothing is changed.',
    takes: [proposalId, reason('Why not.')],
    gives: answer,
  },
  {
    ...{ name: 'Extend', right: 'extend' },
    text: 'Gives the proposal its full time again, while its gates hold.',
    takes: [proposalId],
    gives: answer,
  },
  {
    ...{ name: 'Abort', right: 'abort' },
    text: 'Ends a switchover before its first OPERATE.',
    takes: [proposalId, reason('Why.')],
    gives: answer,
  },
] as const satisfies readonly MethodRow[]

export const pairMethods = [
  {
    ...{ name: 'LockOut', right: 'lockout on' },
    text: 'Refuses every order for this pair until the lockout is released.',
    takes: [reason('Why; needed.')],
    gives: answer,
  },
  {
    ...{ name: 'ReleaseLockout', right: 'lockout off' },
    text: 'Takes the lockout off.',
    takes: [reason('Why; needed.')],
    gives: answer,
  },
  {
    ...{ name: 'Resolve', right: 'resolve' },
    text: 'Decides for a pair that stopped half way or is held; all but resume ask for a confirmation.',
    takes: [
      { name: 'Way', type: 'String', text: 'retry, restore, adopt or resume.' },
      reason('Why; needed.'),
      {
        ...{ name: 'Attest', type: 'String' },
        text: 'Your own word for what no reading can tell, where it is asked for.',
      },
    ],
    gives: answer,
  },
] as const satisfies readonly MethodRow[]

export const unitMethods = [
  {
    ...{ name: 'TakeOutOfService', right: 'out-of-service' },
    text: 'Takes the unit out of service: no switchover to it, no flood of alarms.',
    takes: [reason('Why; needed.')],
    gives: answer,
  },
  {
    ...{ name: 'PutInService', right: 'out-of-service' },
    text: 'Puts the unit back into service.',
    takes: [reason('Why; needed.')],
    gives: answer,
  },
  {
    ...{ name: 'Qualified', right: 'qualified' },
    text: 'Relies on the unit again before it has shown all that it still has to show.',
    takes: [reason('Why; needed.')],
    gives: answer,
  },
] as const satisfies readonly MethodRow[]

export type SwitchoverMethod = (typeof switchoverMethods)[number]['name']
export type PairMethod = (typeof pairMethods)[number]['name']
export type UnitMethod = (typeof unitMethods)[number]['name']
