import {
  COMMENT_LENGTH,
  checkAclPath,
  checkIdentity,
  checkPrivilege,
  checkRoleid,
  hasControls,
} from '../contract/identifiers';
import {
  type NodeSettings,
  type Owner,
  SETTINGS_FORMAT,
  SETTINGS_VARIABLE,
  type TokenVerbSettings,
} from '../contract/settings';
import { settingsUnreadable } from './refusals';

/** What a mark would end at. */
const ENDS_A_WORD = /[\s/\]]/;

/** Reads the settings of a verb. The constructs wrote them: first of all, this program and they have to be of one release. */
export function parseSettings<T extends { readonly format: number }>(text: string | undefined): T {
  if (text === undefined) throw settingsUnreadable(SETTINGS_VARIABLE, 'it is not set');
  let settings: T;
  try {
    settings = JSON.parse(text) as T;
  } catch {
    throw settingsUnreadable(SETTINGS_VARIABLE, 'it is not JSON');
  }
  if (settings?.format === SETTINGS_FORMAT) return settings;
  throw settingsUnreadable(
    SETTINGS_VARIABLE,
    `its format is ${settings?.format}, this program reads ${SETTINGS_FORMAT}`,
  );
}

type Complaints = readonly (readonly [key: string, complaint: string | undefined])[];

/**
 * Refuses, before the node is reached, whatever would be refused on its way there: a run never ends half-way for it.
 * The constructs refuse the same at synth, with the place in the env file; these settings may have come another way.
 */
export function checkNodeSettings(settings: NodeSettings & Partial<Pick<TokenVerbSettings, 'retain'>>): void {
  const { identity, access, generation, retain = [] } = settings;
  checkOwner(settings.owner);
  refuse([
    ['identity', checkIdentity(identity)],
    ['generation', checkWord(generation)],
    ['access.role', access.role === undefined ? undefined : checkRoleid(access.role)],
    ['access.comment', checkComment(access.comment ?? '')],
    ...access.acl.map(({ path }) => ['access.acl', checkAclPath(path)] as const),
    ...(access.privileges ?? []).map((name) => ['access.privileges', checkPrivilege(name)] as const),
    ...retain.map((older) => ['retain', checkIdentity(older)] as const),
  ]);
}

/** The owner stands in every mark. */
export function checkOwner({ environment, cluster }: Owner): void {
  refuse([
    ['owner.environment', checkWord(environment)],
    ['owner.cluster', checkWord(cluster)],
  ]);
}

/** The value is not repeated: it may be a secret in the wrong place. */
function refuse(complaints: Complaints): void {
  const [key, complaint] = complaints.find(([, complaint]) => complaint !== undefined) ?? [];
  if (complaint !== undefined) throw settingsUnreadable(SETTINGS_VARIABLE, `\`${key}\` ${complaint}`);
}

function checkComment(text: string): string | undefined {
  return text.length > COMMENT_LENGTH ? `is longer than ${COMMENT_LENGTH} characters` : checkText(text);
}

function checkText(text: string): string | undefined {
  return hasControls(text) ? 'holds control characters' : undefined;
}

function checkWord(text: string): string | undefined {
  if (text === '' || ENDS_A_WORD.test(text)) return 'is not one word without `/` and `]`';
  return checkText(text);
}
