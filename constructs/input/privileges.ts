import { checkPrivilege } from '../../contract/identifiers';
import { PRESETS } from '../../contract/presets';
import type { Field } from './field';
import { nearest } from './nearest';
import { readList, readText } from './readers';
import { show } from './redact';

export function readPreset(field: Field): string | undefined {
  const preset = readText(field, 'opentofu');
  if (preset === undefined || Object.hasOwn(PRESETS, preset)) return preset;
  const names = Object.keys(PRESETS);
  const meant = nearest(preset, names);
  return field.refuse(
    `is unknown, got: ${show(preset)}`,
    `There are ${names.join(', ')}.`,
    meant ? `Write preset = "${meant}".` : 'Take one of them, or give privileges = ["VM.Audit", ...] instead.',
  );
}

export function readPrivileges(field: Field): string[] | undefined {
  const items = readList(field, '["VM.Audit"]');
  if (items?.length === 0) {
    field.refuse('is empty', 'A token of a role without privileges can do nothing.', 'Name at least one privilege.');
  }
  const privileges: string[] = [];
  for (const item of items ?? []) {
    const privilege = readText(item, 'VM.Audit');
    if (privilege === undefined) continue;
    const complaint = checkPrivilege(privilege);
    if (complaint) {
      item.refuse(
        `${complaint}, got: ${show(privilege)}`,
        'The node would refuse it.',
        'Write one name in its own quotes.',
      );
    } else if (privileges.includes(privilege)) {
      item.refuse(
        `is listed twice, got: ${show(privilege)}`,
        'One of the two may have been meant otherwise.',
        'Take one out.',
      );
    }
    privileges.push(privilege);
  }
  return items && privileges;
}
