import type { Values } from '../../constructs/input/field';
import type { Given } from '../command';
import type { Context } from '../context';
import { chooseAccess } from './access';
import type { Answers } from './answers';
import { checkEndpoint, checkName, checkUser } from './checks';
import { suggestName } from './new-entry';
import { endpointMissing } from './refusals';
import { guess, makeMap, type Taken } from './take-over';

/** The env file of a file with one token: what that does not tell is asked, or refused with the option to give. */
export async function takeToken(
  file: string,
  values: Values,
  { identities: [identity = ''] }: Taken,
  given: Given,
  answers: Answers,
  { terminal }: Context,
): Promise<string> {
  const known = guess(values);
  const endpoint = answers.checked('endpoint', checkEndpoint) ?? (await askEndpoint(known.endpoint, answers));
  if (endpoint === undefined) throw endpointMissing(file);
  const fallback = suggestName({}, new URL(endpoint).hostname, []);
  const question = { text: 'Name of the cluster in the env file', option: 'name', fallback, check: checkName };
  const name = await answers.choose(question);
  const access = await chooseAccess([identity], answers, terminal);
  const entry = {
    endpoint,
    insecure: given.flag('insecure') || known.insecure,
    username: answers.checked('user', checkUser) ?? known.username,
    api_token: identity,
    ...(access && { bootstrap: access }),
  };
  const variable = Object.keys(values).find((key) => values[key] === identity) ?? '';
  return makeMap(name, entry, variable, file.endsWith('.json'));
}

async function askEndpoint(known: string | undefined, answers: Answers): Promise<string | undefined> {
  if (known !== undefined && checkEndpoint(known) === undefined) return known;
  for (;;) {
    const answer = await answers.ask('Address of the API (https://NAME:8006), or empty to stop:');
    if (answer === '') return undefined;
    if (checkEndpoint(answer) === undefined) return answer;
  }
}
