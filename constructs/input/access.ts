import { COMMENT_LENGTH, checkAclPath, hasControls, ROOT } from '../../contract/identifiers';
import type { AccessSettings, AclSetting } from '../../contract/settings';
import { readExpire } from './expire';
import type { Field } from './field';
import { readFlag, readList, readMap, readText } from './readers';
import { show } from './redact';
import { readRole } from './role';

const ACL_KEYS = ['path', 'propagate'] as const;
const ACL_EXAMPLE = '[{ path = "/", propagate = true }]';
/** What our own mark in a comment begins with. */
const MARK = '[cdktf-proxmox-tokens';

/** `userid` is absent where the identity itself was refused: then nothing is concluded from it. */
export function readAccess(bootstrap: Field, userid: string | undefined): AccessSettings {
  const privilege_separation = readFlag(bootstrap.at('privilege_separation'), false);
  const settings = {
    privilege_separation,
    expire: readExpire(bootstrap.at('expire')),
    ...readComment(bootstrap.at('comment')),
  };
  if (userid === ROOT && !privilege_separation) {
    refuseForRoot(bootstrap);
    return { acl: [], ...settings };
  }
  const role = userid !== undefined || bootstrap.at('role').given ? readRole(bootstrap) : {};
  return { ...role, acl: readAcl(bootstrap.at('acl')), ...settings };
}

/** Defaults of the file are meant for the other entries; what stands in this one is a misunderstanding. */
function refuseForRoot(bootstrap: Field): void {
  for (const key of ['role', 'preset', 'privileges', 'acl']) {
    const field = bootstrap.at(key);
    if (!field.given || field.inherited) continue;
    field.refuse(
      'means nothing for root@pam',
      'root@pam has everything already, and the node does not store an ACL entry for it.',
      `Leave ${key} out, set privilege_separation = true, or take a user of its own such as opentofu@pve.`,
    );
  }
}

function readAcl(field: Field): AclSetting[] {
  const items = readList(field, ACL_EXAMPLE) ?? [];
  if (field.given && Array.isArray(field.value) && items.length === 0) {
    field.refuse('is empty', 'A token without an ACL entry can do nothing.', `Leave it out for acl = ${ACL_EXAMPLE}.`);
  }
  const acl: AclSetting[] = [];
  for (const item of items) {
    const setting = readAclItem(item);
    if (setting && acl.some(({ path }) => path === setting.path)) {
      item.refuse(
        `is there twice, got: ${show(setting.path)}`,
        'A path has one entry; two could contradict each other.',
        'Take one out.',
      );
    }
    if (setting) acl.push(setting);
  }
  return field.given ? acl : [{ path: '/', propagate: true }];
}

function readAclItem(item: Field): AclSetting | undefined {
  const setting = readMap(item, ACL_KEYS, '{ path = "/", propagate = true }');
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

function readComment(field: Field): { comment?: string } {
  const comment = readText(field, 'for the CI');
  if (comment === undefined) return {};
  const fix = 'Write one line of plain text, or leave it out.';
  if (comment.length > COMMENT_LENGTH) {
    field.refuse(`is longer than ${COMMENT_LENGTH} characters`, 'It shares one line of the node with our mark.', fix);
  } else if (hasControls(comment)) {
    field.refuse('holds control characters', 'It becomes one line of the configuration of the node.', fix);
  } else if (comment.includes(MARK)) {
    field.refuse(`holds "${MARK}"`, 'That begins the mark by which our own tokens are known.', fix);
  }
  return { comment };
}
