/** What is wrong with an answer; nothing where it will do. */

import { isHost, isUser } from '../../constructs/input/syntax';
import { checkIdentity, checkName, checkRoleid, isBuiltInRole } from '../../contract/identifiers';
import { PRESETS } from '../../contract/presets';

export function checkEndpoint(text: string): string | undefined {
  const isUrl =
    /^https:\/\/[^/\s]+$/.test(text) &&
    URL.canParse(text) &&
    isHost(new URL(text).hostname.replace(/^\[(.*)\]$/, '$1'));
  return isUrl ? undefined : 'is not of the form https://NAME:8006';
}

export const checkHost = (text: string): string | undefined =>
  isHost(text) ? undefined : 'is not a host name or address: user and port have options of their own';

export const checkUser = (text: string): string | undefined => (isUser(text) ? undefined : 'is not a user name');

export const checkPort = (text: string): string | undefined =>
  /^[0-9]{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535 ? undefined : 'is not a port, 1 to 65535';

export const checkHostKey = (text: string): string | undefined =>
  /^SHA256:[A-Za-z0-9+/]{43}$/.test(text) ? undefined : 'is not a fingerprint as ssh-keygen prints it, SHA256:...';

export const checkPreset = (text: string): string | undefined =>
  Object.hasOwn(PRESETS, text) ? undefined : `is not a preset: ${Object.keys(PRESETS).join(', ')}`;

export const checkRole = (text: string): string | undefined =>
  checkRoleid(text) ?? (isBuiltInRole(text) ? 'belongs to Proxmox VE, and a preset would change it' : undefined);

export { checkIdentity, checkName };
