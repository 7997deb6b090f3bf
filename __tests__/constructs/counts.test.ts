import { expect, test } from 'vitest';
import { EnvironmentStack } from '../../constructs';
import { checkEnvironment } from '../../constructs/input/check';
import { synthesize } from './support';

const entry = (name: string) => ({
  name,
  endpoint: `https://${name}.example.net:8006`,
  api_token: 'opentofu@pve!opentofu-token',
  bootstrap: { role: 'opentofu-role', preset: 'opentofu' },
});

function jsonOf(clusters: number) {
  const names = Array.from({ length: clusters }, (_, index) => `c${index}`);
  const proxmox = Object.fromEntries(names.map((name) => [name, entry(name)]));
  const environment = checkEnvironment('lab', { proxmox }, 'env/lab.tfvars');
  if ('length' in environment) throw new Error(JSON.stringify(environment));
  return JSON.parse(synthesize((app) => new EnvironmentStack(app, environment)));
}

/** Addresses of the stack's blocks, each with its text. */
function blocksOf({ resource }: ReturnType<typeof jsonOf>): Map<string, string> {
  const blocks = Object.entries(resource as Record<string, Record<string, { '//'?: unknown }>>).flatMap(
    ([type, named]) =>
      Object.entries(named).map(([name, { '//': _, ...block }]): [string, string] => [
        `${type}.${name}`,
        JSON.stringify(block),
      ]),
  );
  return new Map(blocks);
}

/** Which block speaks of which other, once each: an edge of the engine's graph. */
function edgesOf(blocks: ReadonlyMap<string, string>): string[] {
  return [...blocks].flatMap(([from, text]) => {
    const spoken = new Set(text.match(/\b(?:null_resource|terraform_data|local_sensitive_file)\.\w+/g) ?? []);
    return [...spoken].filter((to) => to !== from && blocks.has(to)).map((to) => `${from} ${to}`);
  });
}

// The engine's work grows with these: an edge more for each pair of clusters, and a thousand of them are not planned in an hour.
test.each([1, 2, 50])('%i clusters take four blocks and seven edges each', (clusters) => {
  const json = jsonOf(clusters);
  const blocks = blocksOf(json);
  const shared = [
    'local_sensitive_file.tfvars',
    'null_resource.gate',
    'null_resource.sweep',
    'terraform_data.revocation',
  ];
  expect(shared.filter((address) => !blocks.has(address))).toEqual([]);
  expect(blocks.size).toBe(4 * clusters + shared.length);
  // The gate's one comes on top.
  expect(edgesOf(blocks)).toHaveLength(7 * clusters + 1);
  expect(Object.keys(json.locals.revocation)).toHaveLength(clusters);
});

test('no cluster speaks of another', () => {
  const edges = edgesOf(blocksOf(jsonOf(2)));
  expect(edges.filter((edge) => /c0_.*c1_|c1_.*c0_/.test(edge))).toEqual([]);
});
