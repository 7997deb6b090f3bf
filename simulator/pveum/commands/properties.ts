/** Parameters and result columns that several commands share. */
import { TOKEN_ID_PATTERN } from '../identifiers';
import type { ReturnProperty } from '../return-property';
import type { Properties, Property } from '../schema';

export const userid: Property = {
  type: 'string',
  about: 'User id, in the form name@realm.',
  format: 'userid',
  maxLength: 64,
};
export const tokenid: Property = {
  type: 'string',
  about: "Name of one of the user's tokens.",
  pattern: TOKEN_ID_PATTERN,
};
export const groupid: Property = { type: 'string', about: 'Name of a group.', format: 'groupid' };
export const roleid: Property = { type: 'string', about: 'Name of a role.', format: 'roleid' };
export const path: Property = { type: 'string', about: 'Path that access is granted on.' };
export const onePath: Property = { ...path, about: 'Show this path alone.', optional: true };

const text = (about: string, maxLength?: number): Property => ({ type: 'string', about, optional: true, maxLength });

/** The editable fields of a user; before 8 they had no limits. */
export const userFields = (limited: boolean): Properties => ({
  enable: { type: 'boolean', about: 'Whether the account may log in.', optional: true, default: '1' },
  expire: {
    type: 'integer',
    about: 'End of the account in seconds since 1970, 0 for none.',
    optional: true,
    minimum: 0,
  },
  firstname: text('First name.', limited ? 1024 : undefined),
  lastname: text('Last name.', limited ? 1024 : undefined),
  email: { ...text('Mail address.', limited ? 254 : undefined), format: 'email-opt' },
  comment: text('Remark.', limited ? 2048 : undefined),
  keys: { ...text('Keys of a second factor.'), pattern: limited ? '[0-9a-zA-Z!=]{0,4096}' : undefined },
  groups: { ...text('Groups to be a member of.'), format: 'groupid-list' },
});

export const tokenFields: Properties = {
  expire: {
    type: 'integer',
    about: 'End of the token in seconds since 1970, 0 for none.',
    optional: true,
    minimum: 0,
    default: 'same as user',
  },
  privsep: { type: 'boolean', about: 'Give the token an ACL of its own.', optional: true, default: '1' },
  comment: text('Remark.'),
};

export const tokenColumns: Readonly<Record<string, ReturnProperty>> = {
  tokenid: { type: 'string' },
  comment: { type: 'string', optional: true },
  expire: { type: 'integer', optional: true },
  privsep: { type: 'boolean', optional: true },
};
