import { runAccess } from '../../bootstrap/verbs/access';
import { runRevoke } from '../../bootstrap/verbs/revoke';
import { runToken } from '../../bootstrap/verbs/token';
import { missingPrivileges } from '../../bootstrap/verify';
import type { TokenVerbSettings } from '../../contract/settings';
import type { SimulatedNode } from '../../simulator/node';
import { runWords } from '../../simulator/shell/run';
import { permissionsOf } from './facts';

/** Runs one verb on the node's own programs, without a connection, so that a test can go through many lives. Returns the secret. */
export async function runInside(verb: 'access' | 'token' | 'revoke', settings: TokenVerbSettings, node: SimulatedNode) {
  let handedOff = '';
  const run = {
    node: {
      run: async (words: readonly string[]) => {
        const login = { root: node.root, user: 'root', env: { LC_ALL: 'C.UTF-8' } };
        const { exit, stdout, stderr } = await runWords(words, login);
        return { exit, stdout: stdout.toString(), stderr: stderr.toString() };
      },
    },
    clock: { now: () => 0, sleep: async () => undefined },
    lockSeconds: 60,
    report: () => undefined,
    did: () => undefined,
    isOrphan: () => false,
  };
  if (verb === 'access') await runAccess(settings, run);
  if (verb === 'revoke') await runRevoke({ ...settings, removal: 'revoke' }, run);
  if (verb === 'token') {
    await runToken(settings, run, {
      openHandoff: async () => ({
        write: async (secret) => {
          handedOff = secret;
        },
        complete: async () => undefined,
        abandon: async () => undefined,
      }),
      verify: async (_, expected) => {
        const permissions = permissionsOf(node, expected.identity, ...expected.paths);
        const missing = missingPrivileges(permissions, expected);
        if (missing.length > 0) throw new Error(`${expected.identity} lacks ${missing.join('; ')}`);
      },
    });
  }
  return handedOff;
}

/** Both verbs, as one deploy runs them. */
export async function deployInside(settings: TokenVerbSettings, node: SimulatedNode): Promise<string> {
  await runInside('access', settings, node);
  return runInside('token', settings, node);
}
