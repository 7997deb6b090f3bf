import { PRESETS } from '../contract/presets';
import type { AccessSettings, VerifySettings } from '../contract/settings';
import type { ClusterEntry } from './input/entry';

export type Triggers = Readonly<Record<string, string>>;

/** What makes `access` run again: readable in a plan, without secrets. What the entry does not say is empty. */
export function accessTriggers({ identity, access }: ClusterEntry): Triggers {
  const { role, acl, privilege_separation, expire, comment, change_others } = access;
  return {
    user: identity.slice(0, identity.indexOf('!')),
    identity,
    role: role ?? '',
    privileges: privilegesText(access),
    acl: acl.map(({ path, propagate }) => `${path}${propagate ? '' : ' (no propagate)'}`).join(' '),
    privilege_separation: String(privilege_separation ?? ''),
    expire: String(expire ?? ''),
    comment: comment ?? '',
    change_others: String(change_others ?? ''),
  };
}

/** What makes `token` run again. */
export function tokenTriggers({ identity, generation, retain, verify }: ClusterEntry): Triggers {
  return {
    identity,
    generation,
    retain: retain.join(' '),
    // So that the file never names an endpoint at which nobody tried the token.
    ...(verify && { verify: verifyText(verify) }),
  };
}

function verifyText({ endpoint, insecure, ca_file }: VerifySettings): string {
  return [endpoint, ...(insecure ? ['insecure'] : []), ...(ca_file === undefined ? [] : [`ca_file ${ca_file}`])].join(
    ' ',
  );
}

/** A preset's list is spelled out: a release of ours that changes it makes `access` run again. */
function privilegesText({ preset, privileges }: AccessSettings): string {
  if (privileges !== undefined) return [...privileges].sort().join(' ');
  const found = preset === undefined ? undefined : PRESETS[preset];
  if (found === undefined || 'builtIn' in found) return '';
  return `${preset}: ${found.privileges.join(' ')}, where known: ${(found.whereKnown ?? []).join(' ')}`;
}
