import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { readConfigFiles } from '../../../bootstrap/ssh/config-files';
import { firstWord, lookUp } from '../../../bootstrap/ssh/config-lookup';
import { machineOf, makeHome, put } from './support';

async function port(home: string, host = 'pve') {
  return firstWord(lookUp(await readConfigFiles(machineOf(home)), { host, localUser: 'me' }), 'port');
}

describe('Include', () => {
  test('no config file at all is fine', async () => {
    expect(await port(makeHome())).toBeUndefined();
  });

  test('files that a pattern finds are read in their order, hidden ones left out', async () => {
    const home = makeHome();
    mkdirSync(join(home, '.ssh', 'config.d'));
    put(home, 'config.d/20', 'Port 20\n');
    put(home, 'config.d/10', 'Port 10\n');
    put(home, 'config.d/.swp', 'Port 1\n');
    put(home, 'config', 'Include nowhere config.d/*\nPort 1\n');
    expect(await port(home)).toBe('10');
  });

  test('an included file stays inside the block that includes it, and its own blocks end with it', async () => {
    const home = makeHome();
    put(home, 'inner', 'Host other\n Port 9\n');
    put(home, 'config', 'Host pve\n Include ~/.ssh/inner\n Port 8\nHost other\n Port 7\n');
    expect([await port(home), await port(home, 'other')]).toEqual(['8', '7']);
  });

  test('the system’s config includes from its own folder', async () => {
    const home = makeHome();
    writeFileSync(join(home, 'etc', 'more'), 'Port 5\n');
    writeFileSync(join(home, 'etc', 'ssh_config'), 'Include more\n');
    expect(await port(home)).toBe('5');
  });

  test('a file that includes itself is refused', async () => {
    const home = makeHome();
    const path = put(home, 'config', 'Include config\n');
    await expect(port(home)).rejects.toMatchObject({
      code: 'SSH_CONFIG_BROKEN',
      what: `${path}:1 cannot be understood: \`Include\` goes in circles.`,
    });
  });

  test('a file that is there but cannot be read is refused', async () => {
    const home = makeHome();
    mkdirSync(join(home, '.ssh', 'config'));
    await expect(port(home)).rejects.toMatchObject({
      code: 'SSH_FILE_UNREADABLE',
      message: `${join(home, '.ssh', 'config')} is there but cannot be read, got: EISDIR.
  why: It may say which host keys to trust or how to reach the host, so it is not passed over.
  fix: Make it readable for the user that runs the deploy.`,
    });
  });
});
