import {
  COMMENT_LENGTH,
  checkAclPath,
  checkGeneration,
  checkIdentity,
  checkPrivilege,
  checkRoleid,
  hasControls,
} from '../contract/identifiers';
import {
  type NodeSettings,
  type Owner,
  type RevokeVerbSettings,
  SETTINGS_FORMAT,
  SETTINGS_VARIABLE,
} from '../contract/settings';
import { settingsUnreadable } from './refusals';

/** An owner's name in a mark: what `contract/mark.ts` reads back. */
const OWNER = /^[^/\s\][]{1,128}$/;

/** Reads the settings of a verb. The constructs wrote them: first of all, this program and they have to be of one release. */
export function parseSettings<T extends { readonly format: number }>(text: string | undefined): T {
  if (text === undefined) throw settingsUnreadable(SETTINGS_VARIABLE, 'it is not set');
  let settings: T;
  try {
    settings = JSON.parse(text) as T;
  } catch {
    throw settingsUnreadable(SETTINGS_VARIABLE, 'it is not JSON');
  }
  if (settings?.format === SETTINGS_FORMAT) return settings;
  throw settingsUnreadable(
    SETTINGS_VARIABLE,
    `its format is ${settings?.format}, this program reads ${SETTINGS_FORMAT}`,
  );
}

type Complaints = readonly (readonly [key: string, complaint: string | undefined])[];

/**
 * Refuses, before the node is reached, whatever would be refused on its way there: a run never ends half-way for it.
 * The constructs refuse the same at synth, with the place in the env file; these settings may have come another way.
 */
export function checkNodeSettings({ owner, identity, access, generation, retain }: NodeSettings): void {
  refuse([
    ...ownerComplaints(owner),
    ...identityComplaints(identity, retain),
    ['generation', checkGeneration(generation)],
    ['access.role', access.role === undefined ? undefined : checkRoleid(access.role)],
    ['access.comment', checkComment(access.comment ?? '')],
    ...access.acl.map(({ path }) => ['access.acl', checkAclPath(path)] as const),
    ...(access.privileges ?? []).map((name) => ['access.privileges', checkPrivilege(name)] as const),
  ]);
}

export function checkRevokeSettings({ owner, identity, retain }: RevokeVerbSettings): void {
  refuse([...ownerComplaints(owner), ...identityComplaints(identity, retain)]);
}

function ownerComplaints({ environment, cluster }: Owner): Complaints {
  const check = (name: string) =>
    OWNER.test(name) && !hasControls(name) ? undefined : 'is not one short word without `/` and brackets';
  return [
    ['owner.environment', check(environment)],
    ['owner.cluster', check(cluster)],
  ];
}

function identityComplaints(identity: string, retain: readonly string[]): Complaints {
  return [['identity', checkIdentity(identity)], ...retain.map((older) => ['retain', checkIdentity(older)] as const)];
}

/** The value is not repeated: it may be a secret in the wrong place. */
function refuse(complaints: Complaints): void {
  const [key, complaint] = complaints.find(([, complaint]) => complaint !== undefined) ?? [];
  if (complaint !== undefined) throw settingsUnreadable(SETTINGS_VARIABLE, `\`${key}\` ${complaint}`);
}

function checkComment(text: string): string | undefined {
  if (text.length > COMMENT_LENGTH) return `is longer than ${COMMENT_LENGTH} characters`;
  return hasControls(text) ? 'holds control characters' : undefined;
}
