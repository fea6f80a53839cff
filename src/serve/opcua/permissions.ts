// Who may see and call what in the address space: the roles of Part 18 that stand for ours, and the permissions of a node. What
// nobody declared is denied; nobody may ever write.

import { makePermissionFlag, type NodeId, resolveNodeId, WellKnownRoles } from 'node-opcua'
import { type AccessRole, accessRoles, includesRole } from '../../core/plant.ts'
import { orderRights, type Right } from '../rights.ts'

const roleIds: Readonly<Record<AccessRole, WellKnownRoles>> = {
  observer: WellKnownRoles.Observer,
  operator: WellKnownRoles.Operator,
  supervisor: WellKnownRoles.Supervisor,
  engineer: WellKnownRoles.Engineer,
}

/** The one well-known role of a person; permissions below repeat what the lower roles may. */
export const roleNodes = (role: AccessRole): NodeId[] => [resolveNodeId(roleIds[role])]

const watching = makePermissionFlag(
  'Browse | Read | ReadRolePermissions | ReadHistory | ReceiveEvents',
)
const calling = makePermissionFlag(
  'Browse | Read | ReadRolePermissions | ReadHistory | ReceiveEvents | Call',
)

/** Everybody who is logged in may look, also at the past. */
export const watchPermissions = () =>
  accessRoles.map((role) => ({ roleId: roleIds[role], permissions: watching }))

/** Who holds the right may call, everybody else who is logged in may look. */
export const callPermissions = (right: Right) =>
  accessRoles.map((role) => ({
    roleId: roleIds[role],
    permissions: includesRole(role, orderRights[right]) ? calling : watching,
  }))
