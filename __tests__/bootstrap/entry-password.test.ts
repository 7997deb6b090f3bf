import { expect, test } from 'vitest';
import { runProgram } from '../../bootstrap/program';
import { SETTINGS_FORMAT } from '../../contract/settings';
import { anOperator } from '../support/verbs';
import { machineOf, makeHome, startNode } from './ssh/support';
import { refusalOf } from './support';

test('the password of one entry goes to its node, and to that of no other entry', async () => {
  const node = await startNode({ password: 'hunter2' });
  const home = makeHome();
  const passwords = { PROXMOX_SSH_PASSWORD_NUC_1: 'hunter2' };
  const { around } = anOperator(home, { machine: { ...machineOf(home), passwords } });
  const revoke = (cluster: string) => {
    const timeouts = { connect: 20, command: 5, lock: 5 };
    const ssh = { host: '127.0.0.1', port: node.port, host_key: node.hostKey.fingerprint, user: 'root', timeouts };
    const owner = { environment: 'lab', cluster };
    const settings = { format: SETTINGS_FORMAT, project: '.', owner, ssh, removal: 'revoke', identity: 'root@pam!ci' };
    return refusalOf(runProgram('revoke', JSON.stringify({ ...settings, retain: [] }), around));
  };
  expect([(await revoke('two')).code, node.logins]).toEqual(['AUTH_FAILED', []]);
  // Past the login: that server is no node.
  expect([(await revoke('nuc-1')).code, node.logins]).toEqual(['NODE_SILENT', ['root password']]);
});
