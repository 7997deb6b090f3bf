import { expect, test } from 'vitest';
import { ProxmoxCluster, type ProxmoxClusterProps } from '../../constructs';
import { LEAST, synthesizeIn } from './support';

test('what makes access run again is readable in a plan, a preset with its list', () => {
  const { resource } = synthesizeIn(
    (stack) =>
      new ProxmoxCluster(stack, 'nuc', {
        ...LEAST,
        apiToken: 'csi@pve!csi',
        bootstrap: { role: 'csi', preset: 'csi' },
      }),
  );
  expect(resource.null_resource.nuc_access.triggers).toEqual({
    user: 'csi@pve',
    identity: 'csi@pve!csi',
    role: 'csi',
    privileges:
      'csi: Datastore.Allocate Datastore.AllocateSpace Datastore.Audit VM.Audit VM.Config.Disk, where known: ',
    acl: '/',
    privilege_separation: '',
    expire: '',
    comment: '',
    change_others: '',
  });
});

test.each<[string, Partial<ProxmoxClusterProps>, string | undefined]>([
  ['the endpoint', {}, 'https://nuc.example.net:8006'],
  ['insecure', { insecure: true }, 'https://nuc.example.net:8006 insecure'],
  ['the CA file', { bootstrap: { caFile: 'ca.pem' } }, 'https://nuc.example.net:8006 ca_file ca.pem'],
  ['that it is not', { bootstrap: { verify: false } }, undefined],
])('makes token run again when it is to be verified otherwise: %s', (_, more, verify) => {
  const { resource } = synthesizeIn((stack) => new ProxmoxCluster(stack, 'nuc', { ...LEAST, ...more }));
  expect(resource.null_resource.nuc_token.triggers.verify).toBe(verify);
});
