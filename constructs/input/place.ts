/** Where in the input something stands. */
import { redact } from './redact';
import { pathInProps } from './wording';

export type Path = readonly (string | number)[];

/** Lines of the keys of one file, counted from 1. */
export interface Lines {
  lineOf(path: Path): number | undefined;
}

export interface Place {
  /** The env file as it was named, or the path of a construct. */
  readonly source: string;
  readonly path: Path;
  readonly lines?: Lines;
  /** The input is props of a construct, not a file. */
  readonly inProps?: true;
}

export function below(place: Place, key: string | number): Place {
  return { ...place, path: [...place.path, key] };
}

/** The line of the key itself, or of the nearest thing around it. */
export function lineOf({ path, lines }: Place): number | undefined {
  for (let length = path.length; lines && length > 0; length--) {
    const line = lines.lineOf(path.slice(0, length));
    if (line !== undefined) return line;
  }
  return undefined;
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** `proxmox.nuc.bootstrap.retain[0]`, as HCL would refer to it. A key that holds a secret is not shown. */
export function renderPath(path: Path): string {
  const steps = path.map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    const shown = redact(key);
    return shown === key && IDENTIFIER.test(key) ? `.${key}` : `[${JSON.stringify(shown)}]`;
  });
  return steps.join('').replace(/^\./, '');
}

/** `env/lab.tfvars:12: proxmox.nuc.endpoint`: editors and terminals make a link of its first part. */
export function renderPlace(place: Place): string {
  const line = lineOf(place);
  const source = line === undefined ? place.source : `${place.source}:${line}`;
  const path = place.inProps ? pathInProps(place.path) : place.path;
  return path.length === 0 ? source : `${source}: ${renderPath(path)}`;
}
