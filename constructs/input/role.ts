/** `role`, `preset` and `privileges`: three keys, one decision. */
import { checkRoleid, isBuiltInRole } from '../../contract/identifiers';
import { builtInOf, withoutDisplaced } from './displaced';
import type { Field } from './field';
import { nearest } from './nearest';
import { readPreset, readPrivileges } from './privileges';
import { readText } from './readers';
import { show } from './redact';

export interface RoleChoice {
  readonly role?: string;
  readonly preset?: string;
  readonly privileges?: readonly string[];
}

/** As four releases list them. */
const BUILT_IN = [
  'Administrator',
  'NoAccess',
  ...['Admin', 'Auditor', 'DatastoreAdmin', 'DatastoreUser', 'MappingAdmin', 'MappingUser', 'PoolAdmin', 'PoolUser'],
  ...['SDNAdmin', 'SDNUser', 'SysAdmin', 'TemplateUser', 'UserAdmin', 'VMAdmin', 'VMUser'],
].map((name, index) => (index < 2 ? name : `PVE${name}`));

const CHOICE = 'Add preset = "opentofu", or privileges = ["VM.Audit", ...].';

export function readRole(bootstrap: Field): RoleChoice {
  const { role: roleField, preset: presetField, privileges: privilegesField } = withoutDisplaced(bootstrap);
  const preset = readPreset(presetField);
  const privileges = readPrivileges(privilegesField);
  if (presetField.given && privilegesField.given) {
    privilegesField.refuse('stands beside `preset`', 'A role has one list of privileges.', 'Keep one of the two.');
    readRoleid(roleField);
    return {};
  }
  const builtIn = builtInOf(preset);
  if (builtIn !== undefined) return readBuiltInPreset(roleField, preset ?? '', builtIn);
  const role = readRoleid(roleField);
  if (role === undefined) return {};
  if (isBuiltInRole(role)) return readBuiltInRole(role, roleField, presetField, privilegesField);
  if (!presetField.given && !privilegesField.given) {
    roleField.refuse('has no privileges', 'A role of your own holds what you give it.', CHOICE);
  }
  return { role, ...(preset !== undefined && { preset }), ...(privileges && { privileges }) };
}

function readRoleid(field: Field): string | undefined {
  if (!field.given) {
    return field.refuse(
      'is missing',
      'Without a role the token may do nothing.',
      'Add role = "opentofu-role" and preset = "opentofu", or a preset that is a built-in role, such as "administrator"; ' +
        'or manage_access = false, where others look after user, role and ACL.',
    );
  }
  const role = readText(field, 'opentofu-role');
  const complaint = role === undefined ? undefined : checkRoleid(role);
  if (complaint)
    field.refuse(`${complaint}, got: ${show(role ?? '')}`, 'The node would refuse it.', 'Choose another name.');
  return complaint ? undefined : role;
}

function readBuiltInPreset(role: Field, preset: string, builtIn: string): RoleChoice {
  if (role.given && role.value !== builtIn) {
    role.refuse(
      `differs from the preset's role`,
      `The preset "${preset}" is the role ${builtIn}, which Proxmox VE makes itself.`,
      `Leave role out, or write role = "${builtIn}".`,
    );
  }
  return { role: builtIn };
}

function readBuiltInRole(role: string, field: Field, preset: Field, privileges: Field): RoleChoice {
  if (!BUILT_IN.includes(role)) return refuseReserved(role, field);
  const extra = [preset, privileges].find((field) => field.given);
  extra?.refuse(
    `cannot change the role ${role}`,
    'Proxmox VE makes that role itself, and nobody may change it.',
    `Leave ${extra.key} out, or choose a role name of your own.`,
  );
  return { role };
}

/** Names that begin with `PVE` belong to the node. */
function refuseReserved(role: string, field: Field): RoleChoice {
  const meant = nearest(role, BUILT_IN);
  field.refuse(
    `is reserved, got: ${show(role)}`,
    'Names that begin with PVE belong to Proxmox VE, and it has no role of this name.',
    meant ? `Write role = "${meant}", or choose a name of your own.` : 'Choose a name that does not begin with PVE.',
  );
  return {};
}
