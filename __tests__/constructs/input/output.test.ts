import { describe, expect, test } from 'vitest';
import { checkEnvironment } from '../../../constructs/input/check';
import type { OutputSpec } from '../../../constructs/input/entry';

const cluster = (host: string) => ({ endpoint: `https://${host}.example.net`, api_token: 'root@pam!ci' });

function outputsOf(output: unknown, clusters: readonly string[] = ['nuc']): readonly OutputSpec[] {
  const proxmox = Object.fromEntries(clusters.map((name) => [name, cluster(name)]));
  const found = checkEnvironment('lab', { proxmox, output }, 'env/lab.tfvars');
  if (Array.isArray(found)) throw new Error(JSON.stringify(found, null, 2));
  return 'outputs' in found ? found.outputs : [];
}

describe('an output', () => {
  test.each([
    [undefined, { file: 'env/lab/terraform.tfvars', format: 'map', variable: 'proxmox' }],
    [{ format: 'token' }, { file: 'env/lab/terraform.tfvars', format: 'token', variable: 'proxmox_api_token' }],
    [{ format: 'env' }, { file: 'env/lab/terraform.env', format: 'env', variable: 'proxmox_api_token' }],
    [
      { file: './x/../../consumer/a.auto.tfvars.json', variable: 'pve-clusters', cluster: 'nuc' },
      { file: '../consumer/a.auto.tfvars.json', format: 'map', variable: 'pve-clusters', cluster: 'nuc' },
    ],
  ])('%j is %j', (output, spec) => {
    expect(outputsOf(output)).toEqual([spec]);
  });

  test('of format token needs no cluster while all are being removed', () => {
    expect(outputsOf({ format: 'token' }, [])).toHaveLength(1);
  });

  test('list may be long or empty', () => {
    const outputs = [
      {},
      { file: 'env/lab/terraform.tfvars.json' },
      { format: 'token', cluster: 'b', file: 'b.tfvars' },
    ];
    expect(outputsOf(outputs, ['a', 'b'])).toHaveLength(3);
    expect(outputsOf([])).toEqual([]);
  });
});

test.each([
  ['another port', { port: 2222 }],
  ['another jump host', { jump: 'bastion' }],
  ['another address', { host: '192.168.0.38' }],
])('one identity twice is fine behind %s: that is another node', (_, ssh) => {
  const proxmox = { a: cluster('nuc'), b: { ...cluster('nuc'), bootstrap: { ssh } } };
  expect(checkEnvironment('lab', { proxmox }, 'env/lab.tfvars')).not.toBeInstanceOf(Array);
});

test('without the text of a file places have no line', () => {
  const found = checkEnvironment('lab', { proxmox: { nuc: {} } }, 'env/lab.tfvars');
  expect(Array.isArray(found) && found.map(({ place }) => place)).toEqual([
    'env/lab.tfvars: proxmox.nuc.endpoint',
    'env/lab.tfvars: proxmox.nuc.api_token',
  ]);
});
