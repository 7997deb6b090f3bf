import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach } from 'vitest';

/** The environment variables by which a client finds the server. */
export type PostgresVariables = Readonly<Record<'PGHOST' | 'PGUSER' | 'PGDATABASE' | 'PGSSLMODE', string>>;

/** A PostgreSQL of this machine for the tests of one file, on a socket in a folder of its own. Skipped where there is none. */
export function usePostgres(): () => PostgresVariables {
  const programs = findPrograms();
  let server: { readonly process: ChildProcess; readonly folder: string } | undefined;
  beforeAll(async () => {
    if (programs !== undefined) server = await start(programs);
    else if (process.env.CI) throw new Error('PostgreSQL is not installed');
  }, 120_000);
  afterAll(async () => {
    if (server === undefined) return;
    const { process: running, folder } = server;
    const ended = new Promise((done) => running.once('exit', done));
    running.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(({ skip }) => {
    if (programs === undefined) skip('PostgreSQL is not installed');
  });
  return () => {
    if (server === undefined) throw new Error('there is no PostgreSQL');
    return { PGHOST: server.folder, PGUSER: 'state', PGDATABASE: 'postgres', PGSSLMODE: 'disable' };
  };
}

const DEBIAN = '/usr/lib/postgresql';

/** The folder of `initdb` and `postgres`: where `pg_config` says, where Debian hides them, or on the path. */
function findPrograms(): string | undefined {
  const hidden = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : [];
  const folders = [configured(), ...hidden, ...(process.env.PATH ?? '').split(delimiter)];
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))));
}

function configured(): string {
  try {
    return execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

async function start(programs: string): Promise<{ process: ChildProcess; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'pg-'));
  const data = join(folder, 'data');
  mkdirSync(data);
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (user.uid !== undefined) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, folder]);
  chmodSync(folder, 0o700);
  const options = { ...user, cwd: folder, env: { LC_ALL: 'C', PATH: process.env.PATH } };
  const initialize = ['--pgdata', data, '--username', 'state', '--auth', 'trust', '--no-sync', '--locale', 'C'];
  execFileSync(join(programs, 'initdb'), initialize, { ...options, stdio: 'ignore' });
  const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'fsync=off'];
  const running = spawn(join(programs, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise<void>((ready, failed) => {
    const said: string[] = [];
    createInterface({ input: running.stderr }).on('line', (line) => {
      said.push(line);
      if (line.includes('ready to accept connections')) ready();
    });
    running.once('error', failed);
    running.once('exit', (code) => failed(new Error(`postgres ended with ${code}:\n${said.join('\n')}`)));
  });
  return { process: running, folder };
}

/** Of the user that owns nothing. */
function idOf(which: '-u' | '-g'): number {
  return Number(execFileSync('id', [which, 'nobody'], { encoding: 'utf8' }));
}
