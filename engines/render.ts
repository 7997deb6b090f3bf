import type { Engine } from './engine';
import { renderName } from './version';

/** Lines for people. */
export function renderEngine(engine: Engine): string {
  const rows = [
    ['engine', renderName(engine)],
    ['binary', engine.binary],
    ['providers', engine.providers],
    ['cdktf deploy', engine.skipProviderLock ? 'with --skip-provider-lock' : 'as it is'],
    ...Object.entries(engine.env).map(([name, value]) => ['environment', `${name}=${value}`]),
    ...engine.notes.map((note) => ['note', note]),
  ];
  return rows.map(([name = '', value = '']) => `${name.padEnd(14)}${value}`).join('\n');
}

/** Lines for a shell's `eval`; the notes are left to standard error. */
export function renderExports({ env }: Engine): string {
  return Object.entries(env)
    .map(([name, value]) => `export ${name}=${quote(value)}`)
    .join('\n');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
