import { isIP } from 'node:net';

import { type Answer, first, isNone, saysYes } from './answer';
import { sshOptionUnsupported } from './refusals';

/** What would change the way to the host, or the keys that it may show, and is not supported. */
export function refuseUnsupported(host: string, answer: Answer): void {
  const proxy = first(answer, 'proxycommand');
  // Through others nothing is bound here.
  const direct = (keyword: string) =>
    (proxy ?? first(answer, 'proxyjump')) === undefined ? first(answer, keyword) : undefined;
  const address = direct('bindaddress');
  const found = [
    ['BindInterface', direct('bindinterface')],
    ['BindAddress', address !== undefined && isIP(address) === 0 ? address : undefined],
    ['ProxyCommand', proxy === '-' ? proxy : undefined],
    ['ProxyUseFdpass', proxy !== undefined && saysYes(answer, 'proxyusefdpass') ? 'yes' : undefined],
    ['KnownHostsCommand', first(answer, 'knownhostscommand')],
  ] as const;
  for (const [option, value] of found) {
    if (value !== undefined && !isNone(value)) throw sshOptionUnsupported(host, option, value);
  }
}
