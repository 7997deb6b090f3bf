import { answer } from '../../simulator/api/answer';
import type { Release } from '../../simulator/node';
import type { Files } from '../../simulator/pveum/session';

/** What the API tells a token of its rights: by path, then by privilege. */
export type Rights = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Asks the API, on these files, as the holder of the token would; nothing where it is turned away. */
export function rightsOf(files: Files, release: Release, identity: string, secret: string): Rights | undefined {
  const url = new URL('https://localhost/api2/json/access/permissions');
  const authorization = `PVEAPIToken=${identity}=${secret}`;
  const { status, data } = answer({ files, release, method: 'GET', url, authorization, now: Date.now() / 1000 });
  return status === 200 ? (data as Rights) : undefined;
}

/** What of `rights` is missing in `there`, a text each. */
export function lacking(rights: Rights, there: Rights): readonly string[] {
  return Object.entries(rights).flatMap(([path, held]) =>
    Object.keys(held)
      .filter((privilege) => there[path]?.[privilege] === undefined)
      .map((privilege) => `${privilege} on ${path}`),
  );
}

export function secretsIn(files: Files): ReadonlyMap<string, string> {
  const lines = (files['priv/token.cfg'] ?? '').split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
}

/** Identities that carry a mark of ours, sorted. */
export function markedIn(files: Files): readonly string[] {
  return recordsIn(files)
    .filter((line) => line.startsWith('token:') && decodeURIComponent(line).includes('[cdktf-proxmox-tokens '))
    .map((line) => line.split(':')[1] ?? '')
    .sort();
}

/** Lines of `user.cfg`; of an ACL line, which several people may share, each entry. */
export function recordsIn(files: Files): readonly string[] {
  return (files['user.cfg'] ?? '').split('\n').flatMap((line) => {
    const [kind, flag, path, members = '', roles = ''] = line.split(':');
    if (kind !== 'acl') return line === '' ? [] : [line];
    return members
      .split(',')
      .flatMap((member) => roles.split(',').map((role) => ['acl', flag, path, member, role].join(':')));
  });
}
