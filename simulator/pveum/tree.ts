/** All commands of one release. */
import { alias, type Branch, branch, command } from './command';
import { aclCommands } from './commands/acl';
import { factorCommands } from './commands/factors';
import { groupCommands } from './commands/groups';
import { passwordCommand } from './commands/passwords';
import { tokenPermissions, userPermissions } from './commands/permissions';
import { realmCommands } from './commands/realms';
import { roleCommands } from './commands/roles';
import { tokenCommands } from './commands/tokens';
import { userCommands } from './commands/users';
import { Failure } from './failure';
import type { Traits } from './releases';
import { type Release, traitsOf } from './releases';
import { resolve } from './resolve';
import type { Session } from './session';
import { complaint, usageBelow } from './usage';

function help(session: Session, verbose: boolean, words: readonly string[]): void {
  const root = treeOf(session.release);
  const { node, words: name } = resolve(root, words);
  if (!node) throw new Failure(complaint(`unknown command '${words[0] ?? ''}'`, root, 'pveum', '\n'));
  const text = usageBelow(node, name, '', verbose).trimStart();
  session.print(verbose ? `${text}\n` : `USAGE: ${text}\n`);
}

const helpCommand = command({
  family: 'PVE::CLIHandler',
  about: 'Explain commands.',
  positional: ['extra-args'],
  properties: {
    'extra-args': { type: 'array', about: 'The command to explain.', optional: true },
    verbose: { type: 'boolean', about: 'Explain at length.', optional: true },
  },
  run: (session, { verbose }, rest) => help(session, verbose !== '0', rest),
});

const aliases = Object.fromEntries(
  ['user', 'group', 'role', 'acl'].flatMap((thing) => [
    ...(thing === 'acl' ? [] : [[`${thing}add`, alias(`${thing} add`)]]),
    [`${thing}mod`, alias(`${thing} modify`)],
    [`${thing}del`, alias(`${thing} delete`)],
  ]),
);

function build(traits: Traits): Branch {
  return branch({
    user: branch({
      ...userCommands(traits),
      permissions: userPermissions,
      tfa: branch(factorCommands(traits)),
      token: branch({ ...tokenCommands(traits), permissions: tokenPermissions }),
    }),
    group: branch(groupCommands),
    role: branch(roleCommands),
    acl: branch(aclCommands),
    realm: branch(realmCommands),
    passwd: passwordCommand(traits),
    help: helpCommand,
    ...aliases,
  });
}

const trees = new Map<Release, Branch>();

export function treeOf(release: Release): Branch {
  const tree = trees.get(release) ?? build(traitsOf(release));
  trees.set(release, tree);
  return tree;
}
