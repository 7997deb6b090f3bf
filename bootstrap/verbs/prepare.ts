import { isBuiltInRole } from '../../contract/identifiers';
import type { NodeSettings } from '../../contract/settings';
import type { Run } from '../apply';
import type { NodeFound } from '../node/found';
import { look, requireRole, withRoleList } from '../node/look';
import { isMadeUser, ledgersOn } from '../plan/claims';
import { checkPaths, knownPrivileges, resolvePrivileges } from '../plan/privileges';
import { isRoot, type Wanted, wantedOf } from '../plan/wanted';

/** What the entry means on this node, and the node. */
export interface Prepared {
  readonly wanted: Wanted;
  readonly found: NodeFound;
}

/** Looks at the node and settles, against its own list of privileges, what the entry means there. */
export async function prepare(settings: NodeSettings, run: Run): Promise<Prepared> {
  return settle(settings, run, await look(run.node));
}

async function settle(settings: NodeSettings, run: Run, found: NodeFound): Promise<Prepared> {
  const { role, acl } = settings.access;
  if (role === undefined) return { wanted: wantedOf(settings, seconds(run)), found };
  const listed = await withRoleList(run.node, found);
  requireRole(listed, role);
  const known = knownPrivileges(listed.roles);
  checkPaths(acl, known);
  const privileges = isBuiltInRole(role) ? undefined : resolvePrivileges(settings.access, known);
  return { wanted: wantedOf(settings, seconds(run), privileges), found: listed };
}

/**
 * The same after `access`, which has settled the role: the node is asked for its list of roles only where the role seems gone, or
 * where a user of others may have rights through roles that Proxmox VE makes itself.
 */
export async function prepareSettled(settings: NodeSettings, run: Run): Promise<Prepared> {
  const { role } = settings.access;
  const found = await look(run.node);
  const wanted = wantedOf(settings, seconds(run));
  if (role === undefined) return { wanted, found };
  const there = isBuiltInRole(role) ? undefined : found.roles.get(role);
  const { userid } = wanted.token;
  const isOurs = isRoot(wanted) || isMadeUser(ledgersOn(found), userid);
  return there !== undefined && isOurs ? { wanted, found } : settle(settings, run, found);
}

const seconds = ({ clock }: Run) => Math.floor(clock.now() / 1000);
