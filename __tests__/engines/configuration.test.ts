import { describe, expect, test } from 'vitest';
import { parseConfiguration, readConfiguration } from '../../engines/configuration';
import { aMachine } from './fakes';

const MIRROR = 'provider_installation {\n  direct {}\n}\n';

describe('a configuration decides about providers', () => {
  test.for([
    ['a block', MIRROR, { decides: true, mirrors: true }],
    ['JSON', '{"provider_installation": {"direct": {}}}', { decides: true, mirrors: true }],
    ['a cache', 'plugin_cache_dir = "/cache"', { decides: true, mirrors: false }],
    ['credentials', 'credentials "app.example.com" {\n  token = "x"\n}', { decides: false, mirrors: false }],
    [
      'comments',
      '# provider_installation {\n// plugin_cache_dir = ""\n/* provider_installation {} */',
      { decides: false, mirrors: false },
    ],
    ['nothing', '', { decides: false, mirrors: false }],
  ] as const)('or not: %s', ([, text, expected]) => {
    expect(parseConfiguration(text)).toEqual(expected);
  });
});

describe('the files that are read', () => {
  const home = { '/home/me/.terraformrc': MIRROR, '/home/me/.terraform.d/more.tfrc': MIRROR };
  const filesOf = async (machine: Parameters<typeof aMachine>[0], kind: 'terraform' | 'tofu') =>
    (await readConfiguration(aMachine(machine), kind)).files;

  test('are those of the home folder', async () => {
    const files = { ...home, '/home/me/.terraform.d/plugins.txt': MIRROR };
    expect(await filesOf({ files }, 'terraform')).toEqual(Object.keys(home));
  });

  test('are the one of TF_CLI_CONFIG_FILE alone where it is set', async () => {
    const environment = { TF_CLI_CONFIG_FILE: '/etc/tf.rc' };
    expect(await filesOf({ files: { ...home, '/etc/tf.rc': '' }, environment }, 'terraform')).toEqual(['/etc/tf.rc']);
  });

  test("are OpenTofu's own before Terraform's", async () => {
    const files = { '/home/me/.terraformrc': MIRROR, '/home/me/.tofurc': '' };
    expect(await filesOf({ files }, 'tofu')).toEqual(['/home/me/.tofurc']);
    expect(await filesOf({ files: { '/home/me/.terraformrc': '' } }, 'tofu')).toEqual(['/home/me/.terraformrc']);
    const environment = { XDG_CONFIG_HOME: '/xdg' };
    expect(await filesOf({ files: { '/xdg/opentofu/tofurc': '' }, environment }, 'tofu')).toEqual([
      '/xdg/opentofu/tofurc',
    ]);
  });

  test('are none, and the missing one is named, where TF_CLI_CONFIG_FILE points nowhere', async () => {
    const machine = aMachine({ files: home, environment: { TF_CLI_CONFIG_FILE: '/gone' } });
    expect(await readConfiguration(machine, 'terraform')).toEqual({
      files: [],
      decides: false,
      mirrors: false,
      missing: '/gone',
    });
  });
});
