import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { errorCode } from '../../contract/error-code';

const SECONDS = 5;
const DISCOVERY = '/.well-known/terraform.json';

/** Asks a provider registry for its table of contents, as an engine does first: nothing is downloaded. Why it does not answer. */
export async function askRegistry(
  host: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const proxy = environment.HTTPS_PROXY || environment.https_proxy;
  try {
    const status = await (proxy === undefined || proxy === '' ? getDirectly(host) : openThrough(proxy, host));
    if (status === 200) return undefined;
    return proxy ? `the proxy answered ${status}` : `it answered ${status}`;
  } catch (error) {
    const code =
      error instanceof Error && error.name === 'AbortError' ? `no answer within ${SECONDS} s` : errorCode(error);
    return proxy ? `the proxy: ${code}` : code;
  }
}

function getDirectly(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request({ host, path: DISCOVERY, agent: false, signal: AbortSignal.timeout(SECONDS * 1000) });
    call.on('response', (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    call.on('error', reject).end();
  });
}

/** Whether the proxy opens a way to it; what lies behind is the engine's to ask. */
function openThrough(proxy: string, host: string): Promise<number> {
  const { hostname, port, username, password } = new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return new Promise((resolve, reject) => {
    const call = plainRequest({
      ...{ host: hostname, port: port || 80, method: 'CONNECT', path: `${host}:443`, agent: false },
      headers: username === '' ? {} : { 'proxy-authorization': `Basic ${login}` },
      signal: AbortSignal.timeout(SECONDS * 1000),
    });
    call.on('connect', ({ statusCode }, socket) => {
      socket.destroy();
      resolve(statusCode ?? 0);
    });
    call.on('error', reject).end();
  });
}
