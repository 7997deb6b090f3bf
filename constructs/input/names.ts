import { checkName } from '../../contract/identifiers';
import { type Field, own } from './field';
import { nearest } from './nearest';
import { show } from './redact';

const ENTRY_KEYS = ['api_token', 'endpoint', 'insecure', 'username', 'bootstrap'] as const;
/** Keys of `bootstrap` that nobody's own key is called like: outside of it they would silently do nothing. */
const MISPLACED = ['preset', 'privileges', 'privilege_separation', 'on_existing', 'manage_access', 'change_others'];
/** Blocks of the stack itself have these names. */
const RESERVED = ['revocation', 'sweep'];

/** Two names of which only one can be a block's name look the same here. */
const fold = (name: string): string => name.toLowerCase().replaceAll('-', '_');

export function refuseWrongName(field: Field, name: string, why: string): void {
  // `constructor`, `toString`: cdktf looks constructs up in an object that has these already.
  const complaint =
    checkName(name) ?? (name in Object.prototype ? 'is one that JavaScript keeps for itself' : undefined);
  if (complaint) field.refuse(`the name ${complaint}, got: ${show(name)}`, why, 'Choose a plain name such as "nuc-1".');
}

export function refuseReservedName(field: Field, name: string): void {
  if (!RESERVED.includes(fold(name))) return;
  field.refuse('is a reserved name', 'A block of the stack itself is called so.', 'Choose another name.');
}

/** Names that differ only in case, `-` and `_`. */
export function refuseTwins(map: Field, names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const twin = seen.get(fold(name));
    seen.set(fold(name), twin ?? name);
    if (twin === undefined) continue;
    const why = 'Blocks and variables are named after clusters: the two could not be told apart.';
    map.at(name).refuse(`differs from "${twin}" only in case, - or _`, why, 'Choose another name for one of them.');
  }
}

/** Keys of an entry that were probably meant as a known key which the entry lacks. */
export function refuseNearMisses(entry: Field, keys: readonly string[]): void {
  const missing = ENTRY_KEYS.filter((key) => own(entry.value, key) === undefined);
  for (const key of keys.filter((key) => !(ENTRY_KEYS as readonly string[]).includes(key))) {
    const meant = nearest(key, missing);
    if (meant) {
      const why =
        'Keys of your own pass through to the output; this one looks like a slip, and the known key is missing.';
      entry.at(key).refuse(`is not a known key, but nearly ${meant}`, why, `Write ${meant} instead.`);
      entry.at(meant).settle();
    } else if (MISPLACED.includes(key)) {
      const why = 'Here it would only pass through to the output, and do nothing on the node.';
      entry.at(key).refuse('belongs in `bootstrap`', why, `Write bootstrap = { ${key} = ... }.`);
    }
  }
}
