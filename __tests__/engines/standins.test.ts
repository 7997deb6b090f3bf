import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cacheFolder, makeOnce } from '../../engines/cache';
import type { Machine } from '../../engines/machine';
import { buildOpenTofu } from '../../engines/opentofu';
import { buildStandIns } from '../../engines/standins';
import { aMachine } from './fakes';
import { useFolders } from './support';

const emptyFolder = useFolders();

/** A machine whose `go build` writes what `-o` names, or fails. Counts its runs. */
async function aBuilder(outcome: 'works' | 'fails' = 'works') {
  const lines: string[] = [];
  const cache = await emptyFolder();
  const fake = aMachine({ commands: { go: '/bin/go' }, environment: { CDKTF_PROXMOX_TOKENS_CACHE: cache } });
  const run: Machine['run'] = async (_, args) => {
    lines.push(args.filter((arg) => !arg.startsWith(cache)).join(' '));
    if (outcome === 'fails') return { code: 1, stdout: '', stderr: 'dial tcp: no route\n' };
    await writeOutputs(args);
    return { code: 0, stdout: '', stderr: '' };
  };
  return { machine: { ...fake, run }, lines, cache };
}

async function writeOutputs(args: readonly string[]): Promise<void> {
  const output = args[args.indexOf('-o') + 1] ?? '';
  const packages = args.slice(args.indexOf('-o') + 2).map((name) => name.replace('./', ''));
  const files = output.endsWith('/') ? packages.map((name) => join(output, name)) : [output];
  for (const file of files) await writeFile(file, 'program');
}

describe('stand-ins', () => {
  test('are laid out for both engines, with a configuration that takes all else from the registry', async () => {
    const { machine, cache } = await aBuilder();
    const { folder, configuration } = await buildStandIns(machine);
    expect(folder.startsWith(join(cache, 'standins-'))).toBe(true);
    const mirror = await readdir(join(folder, 'mirror'), { recursive: true });
    expect(mirror.filter((name) => name.includes('terraform-provider')).sort()).toEqual(
      ['registry.opentofu.org', 'registry.terraform.io'].flatMap((host) => [
        `${host}/hashicorp/local/2.6.1/linux_amd64/terraform-provider-local_v2.6.1`,
        `${host}/hashicorp/null/3.2.4/linux_amd64/terraform-provider-null_v3.2.4`,
      ]),
    );
    const text = await readFile(configuration, 'utf8');
    expect(text).toContain(`path    = "${join(folder, 'mirror')}"`);
    expect(text).toContain('direct {\n    exclude = ["registry.terraform.io/hashicorp/null"');
  });

  test('are built once', async () => {
    const { machine, lines } = await aBuilder();
    expect(await buildStandIns(machine)).toEqual(await buildStandIns(machine));
    expect(lines).toEqual(['build -trimpath -ldflags -s -w -o ./null ./local']);
  });

  test('are refused with what the compiler said, and nothing half made stays behind', async () => {
    const { machine, cache } = await aBuilder('fails');
    const problem = await buildStandIns(machine).catch(String);
    expect(problem).toBe(
      [
        'Refusal: Stand-ins of the null and local providers could not be built: dial tcp: no route',
        '  why: They are built with `go build` from modules that a Go module proxy has to serve.',
        '  fix: Check `go version` and `go env GOPROXY`, then run it again.',
      ].join('\n'),
    );
    expect(await readdir(cache)).toEqual([]);
  });
});

describe('OpenTofu', () => {
  test('is built once, under its own version', async () => {
    const { machine, lines, cache } = await aBuilder();
    const binary = await buildOpenTofu(machine);
    expect(binary).toBe(join(cache, 'opentofu-1.12.6-linux_amd64', 'tofu'));
    expect(await buildOpenTofu(machine)).toBe(binary);
    expect(await readdir(join(cache, 'opentofu-1.12.6-linux_amd64'))).toEqual(['tofu']);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('version.dev=no');
  });

  test('is asked for in the same version by go.mod', async () => {
    const text = await readFile(join(__dirname, '../../engines/opentofu/go.mod'), 'utf8');
    expect(text).toContain('require github.com/opentofu/opentofu v1.12.6\n');
  });

  test('without Go is a refusal', async () => {
    const machine = aMachine({ environment: { CDKTF_PROXMOX_TOKENS_CACHE: await emptyFolder() } });
    expect(await buildOpenTofu(machine).catch(String)).toBe(
      [
        'Refusal: `go` is not on PATH, which building OpenTofu needs.',
        '  why: OpenTofu is built from its Go module.',
        '  fix: Install Go 1.26 or later, or install OpenTofu itself.',
      ].join('\n'),
    );
  });
});

describe('the cache', () => {
  test.for([
    [{}, '/home/me/.cache/cdktf-proxmox-tokens'],
    [{ XDG_CACHE_HOME: '/xdg' }, '/xdg/cdktf-proxmox-tokens'],
    [{ XDG_CACHE_HOME: '/xdg', CDKTF_PROXMOX_TOKENS_CACHE: '/mine' }, '/mine'],
  ] as const)('with %j is %s', ([environment, folder]) => {
    expect(cacheFolder({ environment, home: '/home/me' })).toBe(folder);
  });

  test('holds one whole folder when two make it at the same time', async () => {
    const folder = join(await emptyFolder(), 'made');
    const make = async (draft: string) => {
      await writeFile(join(draft, 'one'), '');
      await writeFile(join(draft, 'two'), '');
    };
    await Promise.all([makeOnce(folder, make), makeOnce(folder, make)]);
    expect(await readdir(folder)).toEqual(['one', 'two']);
    expect(await readdir(join(folder, '..'))).toEqual(['made']);
  });
});
