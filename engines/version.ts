import type { Binary, Kind } from './engine';
import { engineTooOld, engineUnreadable } from './refusals';

const NAMES: Readonly<Record<Kind, string>> = { terraform: 'Terraform', tofu: 'OpenTofu' };

/** The oldest releases that have what the stacks use. README.md has the reasons. */
export const FLOORS: Readonly<Record<Kind, string>> = { terraform: '1.5.0', tofu: '1.6.0' };

/** What `version` printed, as a binary that is new enough. */
export function parseVersion(binary: string, output: string): Binary {
  const found = /^(Terraform|OpenTofu) v(\d+\.\d+\.\d+)/m.exec(output);
  const version = found?.[2];
  if (version === undefined) throw engineUnreadable(binary, output);
  const kind = found?.[1] === 'OpenTofu' ? 'tofu' : 'terraform';
  if (isOlder(version, FLOORS[kind])) {
    throw engineTooOld(binary, `${NAMES[kind]} ${version}`, `${NAMES[kind]} ${FLOORS[kind]}`);
  }
  return { binary, kind, version };
}

/** `Terraform 1.11.4`. */
export function renderName({ kind, version }: Pick<Binary, 'kind' | 'version'>): string {
  return `${NAMES[kind]} ${version}`;
}

function isOlder(version: string, floor: string): boolean {
  const [left, right] = [numbers(version), numbers(floor)];
  const differing = left.findIndex((number, place) => number !== right[place]);
  return differing !== -1 && (left[differing] ?? 0) < (right[differing] ?? 0);
}

function numbers(version: string): readonly number[] {
  return version.split('.').map(Number);
}
