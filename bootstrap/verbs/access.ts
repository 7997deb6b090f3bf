import { isBuiltInRole } from '../../contract/identifiers';
import type { AccessVerbSettings, NodeSettings } from '../../contract/settings';
import { applySteps, type Run } from '../apply';
import type { NodeFound } from '../node/found';
import { inspect, requireRole, withRoleList } from '../node/inspect';
import { planAccess, waitsForToken } from '../plan/access';
import { knownPrivileges, resolvePrivileges } from '../plan/privileges';
import { decideToken } from '../plan/token';
import { type Wanted, wantedOf } from '../plan/wanted';

/** Ensures user, role and ACL, and the settings of a token that is ours. Never makes a token, never sees a secret. */
export async function runAccess(settings: AccessVerbSettings, run: Run): Promise<void> {
  const { wanted, found } = await prepare(settings, await inspect(run.shell), run);
  decideToken(wanted, found);
  const steps = planAccess(wanted, found);
  await applySteps(steps, run);
  if (waitsForToken(wanted, found)) run.report('access: follows with the token');
  else if (steps.length === 0) run.report('access: as wanted, nothing changed');
}

/** Settles, against the node's own list of privileges, what the entry means there. */
export async function prepare(
  settings: NodeSettings,
  found: NodeFound,
  run: Run,
): Promise<{ wanted: Wanted; found: NodeFound }> {
  const { access } = settings;
  if (access.role === undefined) return { wanted: wantedOf(settings), found };
  const listed = await withRoleList(run.shell, found);
  requireRole(listed, access.role);
  const privileges = isBuiltInRole(access.role) ? undefined : resolvePrivileges(access, knownPrivileges(listed.roles));
  return { wanted: wantedOf(settings, privileges), found: listed };
}
