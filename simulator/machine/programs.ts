/** The programs that are the node's own; everything else is this machine's. */

import { parseUserConfig } from '../pveum/parse-config';
import { privilegesOf } from '../pveum/privileges';
import { traitsOf } from '../pveum/releases';
import { parseSecrets } from '../pveum/secrets';
import { verifyToken } from '../pveum/verify-token';
import { cat, grep } from './file-programs';
import { readFiles } from './node-files';
import { type Program, result } from './program';
import { pveum } from './pveum-program';

const pveversion: Program = async (_, { release }) => result(0, `${traitsOf(release).version}\n`);

/** The test bed's helper: `verify-token RELEASE TOKEN`, the verdict on stdout. */
const verifyTokenProgram: Program = async ({ root, argv }, { release }) => {
  const files = readFiles(root);
  const ignore = () => undefined;
  const config = parseUserConfig(files['user.cfg'] ?? '', privilegesOf(release), ignore);
  const secrets = parseSecrets(files['priv/token.cfg'], ignore);
  const verdict = verifyToken(config, secrets, argv[1] ?? '', Date.now() / 1000);
  return verdict.ok ? result(0, `ok ${verdict.id}\n`) : result(1, `${verdict.reason}\n`);
};

export const PROGRAMS: Readonly<Record<string, Program>> = {
  pveum,
  pveversion,
  'verify-token': verifyTokenProgram,
  cat,
  grep,
};

/** A program's name without the folders that it may stand in. */
export function programNamed(word: string): Program | undefined {
  const name = word.replace(/^(?:\/usr)?\/s?bin\//, '');
  return Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
}
