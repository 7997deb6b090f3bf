/** How the tree of commands is declared. */
import type { ReturnSchema } from './output';
import type { Params, Properties } from './schema';
import type { Session } from './session';

export interface Command {
  readonly kind: 'command';
  /** Commands of one family stand together in the usage text. */
  readonly family: string;
  readonly about: string;
  readonly positional: readonly string[];
  readonly properties: Properties;
  /** Set by the command's name, no option of its own. */
  readonly fixed?: Params;
  /** Absent where nothing is printed: then the output options do not exist either. */
  readonly output?: 'result' | 'permissions';
  readonly returns?: ReturnSchema;
  readonly run: (session: Session, params: Params, rest: readonly string[]) => unknown;
}

export interface Branch {
  readonly kind: 'branch';
  readonly children: Readonly<Record<string, TreeNode>>;
}

export interface Alias {
  readonly kind: 'alias';
  readonly target: string;
}

export type TreeNode = Command | Branch | Alias;

export const branch = (children: Readonly<Record<string, TreeNode>>): Branch => ({ kind: 'branch', children });
export const alias = (target: string): Alias => ({ kind: 'alias', target });
export const command = (declared: Omit<Command, 'kind'>): Command => ({ kind: 'command', ...declared });

/** Options that every printing command has. */
export const OUTPUT_OPTIONS: Properties = {
  'output-format': {
    type: 'string',
    about: 'Output format.',
    optional: true,
    choices: ['text', 'json', 'json-pretty', 'yaml'],
    default: 'text',
  },
  noheader: { type: 'boolean', about: 'Leave out the column headers of a table.', optional: true, default: '0' },
  noborder: { type: 'boolean', about: 'Leave out the borders of a table.', optional: true, default: '0' },
  quiet: { type: 'boolean', about: 'Print no result.', optional: true },
  'human-readable': { type: 'boolean', about: 'Render values for people.', optional: true, default: '1' },
};
