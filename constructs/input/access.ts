import { COMMENT_LENGTH, checkAclPath, hasControls, ROOT } from '../../contract/identifiers';
import { MARK } from '../../contract/mark';
import type { AccessSettings, AclSetting } from '../../contract/settings';
import { readExpire } from './expire';
import { type Field, withoutAbsent } from './field';
import { readFlag, readList, readMap, readText } from './readers';
import { show } from './redact';
import { readRole } from './role';

const ACL_KEYS = ['path', 'propagate'] as const;
const ACL_EXAMPLE = '[{ path = "/", propagate = true }]';

/** `userid` is absent where the identity itself was refused: then nothing is concluded from it. */
export function readAccess(bootstrap: Field, userid: string | undefined): AccessSettings {
  const separation = bootstrap.at('privilege_separation');
  const settings = withoutAbsent({
    privilege_separation: separation.given ? readFlag(separation, false) : undefined,
    expire: readExpire(bootstrap.at('expire')),
    comment: readComment(bootstrap.at('comment')),
    change_others: readFlag(bootstrap.at('change_others'), false) || undefined,
  });
  if (!readFlag(bootstrap.at('manage_access'), true)) {
    refuseAccess(
      bootstrap,
      'stands beside manage_access = false',
      'That leaves user, role and ACL to others: this key would do nothing.',
      (key) => `Leave ${key} out, or set manage_access = true in this entry.`,
    );
    return { acl: [], ...settings };
  }
  if (userid === ROOT && !settings.privilege_separation) {
    refuseAccess(
      bootstrap,
      'means nothing for root@pam',
      'root@pam has everything already, and the node does not store an ACL entry for it.',
      (key) => `Leave ${key} out, set privilege_separation = true, or take a user of its own such as opentofu@pve.`,
    );
    return { acl: [], ...settings };
  }
  const role = userid !== undefined || bootstrap.at('role').given ? readRole(bootstrap) : {};
  return { ...role, acl: readAcl(bootstrap.at('acl')), ...settings };
}

/** Defaults of the file are meant for the other entries; what stands in this one is a misunderstanding. */
function refuseAccess(bootstrap: Field, what: string, why: string, fix: (key: string) => string): void {
  for (const key of ['role', 'preset', 'privileges', 'acl']) {
    const field = bootstrap.at(key);
    if (field.given && !field.inherited) field.refuse(what, why, fix(key));
  }
}

function readAcl(field: Field): AclSetting[] {
  if (!field.given) return [{ path: '/', propagate: true }];
  if (refusePaths(field)) return [];
  const items = readList(field, ACL_EXAMPLE) ?? [];
  if (Array.isArray(field.value) && items.length === 0) {
    field.refuse('is empty', 'A token without an ACL entry can do nothing.', `Leave it out for acl = ${ACL_EXAMPLE}.`);
  }
  const acl: AclSetting[] = [];
  for (const item of items) {
    const setting = readAclItem(item);
    if (setting && acl.some(({ path }) => path === setting.path)) {
      item.refuse(
        `is listed twice, got: ${show(setting.path)}`,
        'A path has one entry; two could contradict each other.',
        'Take one out.',
      );
    }
    if (setting) acl.push(setting);
  }
  return acl;
}

/** Paths alone, where each belongs in a map of its own. */
function refusePaths(field: Field): boolean {
  const paths: unknown[] = Array.isArray(field.value) ? field.value : [field.value];
  if (paths.length === 0 || !paths.every((path) => typeof path === 'string')) return false;
  const maps = paths.map((path) => `{ path = ${show(path)} }`).join(', ');
  field.refuse(
    'holds paths alone',
    'An entry of it is a map: a path, and whether it propagates.',
    `Write acl = [${maps}].`,
  );
  return true;
}

function readAclItem(item: Field): AclSetting | undefined {
  const meant = typeof item.value === 'string' ? item.value : '/';
  const setting = readMap(item, ACL_KEYS, `{ path = ${show(meant)}, propagate = true }`);
  if (!setting) return undefined;
  const field = setting.at('path');
  if (!field.given) return field.refuse('is missing', 'An ACL entry belongs to a path.', 'Add path = "/".');
  const path = readText(field, '/');
  const propagate = readFlag(setting.at('propagate'), true);
  if (path === undefined) return undefined;
  const folded = path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
  if (folded !== path && checkAclPath(folded) === undefined) {
    return field.refuse(
      `has slashes too many, got: ${show(path)}`,
      'The node stores it without them, and would then seem to lack what is wanted.',
      `Write path = "${folded}".`,
    );
  }
  const complaint = checkAclPath(path);
  if (complaint)
    return field.refuse(`${complaint}, got: ${show(path)}`, 'The node would refuse it.', 'Correct the path.');
  return { path, propagate };
}

function readComment(field: Field): string | undefined {
  const comment = readText(field, 'for the CI');
  if (comment === undefined) return undefined;
  const fix = 'Write one line of plain text, or leave it out.';
  if (comment.length > COMMENT_LENGTH) {
    field.refuse(`is longer than ${COMMENT_LENGTH} characters`, 'Our mark has to fit in behind it.', fix);
  } else if (hasControls(comment)) {
    field.refuse('holds control characters', 'It becomes one line of the configuration of the node.', fix);
  } else if (comment.includes(MARK.trim())) {
    field.refuse(`holds "${MARK.trim()}"`, 'That begins the mark by which our own tokens are known.', fix);
  }
  return comment;
}
