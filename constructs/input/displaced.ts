/** Defaults are meant for every entry; what one entry says displaces those that contradict it. */
import { isBuiltInRole } from '../../contract/identifiers';
import { PRESETS, type Preset } from '../../contract/presets';
import { type Field, own } from './field';

export interface RoleFields {
  readonly role: Field;
  readonly preset: Field;
  readonly privileges: Field;
}

/** The role that a preset stands for, if it is one that Proxmox VE makes itself. */
export function builtInOf(preset: unknown): string | undefined {
  const found = typeof preset === 'string' ? (own(PRESETS, preset) as Preset | undefined) : undefined;
  return found && 'builtIn' in found ? found.builtIn : undefined;
}

const isSaid = (field: Field): boolean => field.given && !field.inherited;
const dropIf = (condition: boolean, field: Field): Field => (condition && field.inherited ? field.without() : field);

/**
 * The three fields without the defaults that an entry displaces: its preset displaces privileges and the other way
 * round, its built-in role both, its built-in preset a role, and its role a built-in preset.
 */
export function withoutDisplaced(bootstrap: Field): RoleFields {
  const role = bootstrap.at('role');
  const ownBuiltIn = isSaid(role) && typeof role.value === 'string' && isBuiltInRole(role.value);
  const inPreset = bootstrap.at('preset');
  const inPrivileges = bootstrap.at('privileges');
  const preset = dropIf(ownBuiltIn || isSaid(inPrivileges), inPreset);
  const privileges = dropIf(ownBuiltIn || isSaid(inPreset), inPrivileges);
  const implied = builtInOf(preset.value) !== undefined;
  return { role: dropIf(implied && isSaid(preset), role), preset: dropIf(implied && isSaid(role), preset), privileges };
}
