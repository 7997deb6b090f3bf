import { join, resolve } from 'node:path';

/** A path of the settings or of an OpenSSH file, made absolute. A relative one starts from the folder of `cdktf.json`. */
export function absolute(path: string, from: { readonly home: string; readonly project: string }): string {
  if (path === '~') return from.home;
  return path.startsWith('~/') ? join(from.home, path.slice(2)) : resolve(from.project, path);
}
