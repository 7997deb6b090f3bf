import type { OutputSpec } from '../input/entry';
import type { RenderedCluster } from './cluster';

/**
 * Lines for a POSIX shell. One cluster sets `TF_VAR_variable`; several set `TF_VAR_variable_cluster` each, with `_` for
 * every `-` of the cluster's name. A spec that names its cluster sets `TF_VAR_variable` however many there are.
 */
export function renderEnv(spec: Pick<OutputSpec, 'variable'>, clusters: readonly RenderedCluster[]): string {
  const lines = clusters.map(({ entry, token }) => {
    const suffix = clusters.length > 1 ? `_${entry.name.replaceAll('-', '_')}` : '';
    // Single quotes do: a token holds none, and a shell expands nothing in them.
    return `export TF_VAR_${spec.variable}${suffix}='${token}'\n`;
  });
  return lines.join('');
}
