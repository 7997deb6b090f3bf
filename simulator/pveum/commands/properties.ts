/** Parameters that several commands share. */
import { TOKEN_ID_PATTERN } from '../identifiers';
import type { Properties, Property } from '../schema';

export const userid: Property = { type: 'string', format: 'userid', maxLength: 64 };
export const tokenid: Property = { type: 'string', pattern: TOKEN_ID_PATTERN };
export const path: Property = { type: 'string' };
export const flag: Property = { type: 'boolean', optional: true };
export const text: Property = { type: 'string', optional: true };
/** Seconds since 1970, 0 for none. */
export const expire: Property = { type: 'integer', optional: true, minimum: 0 };

/** The editable fields of a user; before 8 they had no limits. */
export const userFields = (limited: boolean): Properties => ({
  enable: flag,
  expire,
  firstname: limited ? { ...text, maxLength: 1024 } : text,
  lastname: limited ? { ...text, maxLength: 1024 } : text,
  email: { ...text, format: 'email', ...(limited ? { maxLength: 254 } : {}) },
  comment: limited ? { ...text, maxLength: 2048 } : text,
  groups: { ...text, format: 'groupid-list' },
});

export const tokenFields: Properties = { expire, privsep: flag, comment: text };
