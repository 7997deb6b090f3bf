import type { Command, Given } from '../command';
import type { Context } from '../context';
import { WrongUse } from '../exit';

export const INIT: Command = {
  name: 'init',
  usage: '[HOST] [OPTIONS]',
  summary: 'Write an env file: look at a node, or take over a terraform.tfvars. Or make an app of your own.',
  details:
    'With a host: shows its host key to be compared, logs in, reads what it is called and who signed its certificate, asks for\n' +
    'preset and token, and adds the cluster to env/ENV.tfvars. Changes nothing on the node.\n' +
    'With --from: takes the secrets out of a terraform.tfvars (a map `proxmox`, or one token) and keeps everything else.\n' +
    'With --app: makes an app of your own in DIR, in which your env files live, and where an update never meets them.\n' +
    'Without a terminal it asks nothing, and trusts nothing that no option names.',
  options: {
    env: { type: 'string', value: 'ENV', help: 'Name of the env file; without it lab.' },
    app: {
      type: 'string',
      value: 'DIR',
      help: 'Make an app of your own in this folder, with the package as an archive.',
    },
    from: { type: 'string', value: 'FILE', help: 'Take over this terraform.tfvars instead of looking at a node.' },
    'host-key': { type: 'string', value: 'SHA256:...', help: 'Fingerprint of the host key, compared by you.' },
    user: { type: 'string', value: 'NAME', help: 'SSH user; without it root.' },
    port: { type: 'string', value: 'NUMBER', help: 'SSH port.' },
    'identity-file': { type: 'string', value: 'FILE', help: 'Private key to log in with, and no other.' },
    jump: { type: 'string', value: 'HOST', help: 'Jump hosts, as ssh -J takes them.' },
    endpoint: { type: 'string', value: 'URL', help: 'Address of the API; without it https://HOST:8006.' },
    ca: { type: 'string', value: 'FILE', help: 'CA certificates to check the endpoint with.' },
    'fetch-ca': { type: 'boolean', help: "Fetch the cluster's own CA into env/ca/, if it signed the certificate." },
    insecure: { type: 'boolean', help: 'Check no certificate.' },
    name: { type: 'string', value: 'NAME', help: 'Name of the cluster in the env file.' },
    preset: {
      type: 'string',
      value: 'PRESET',
      help: 'What the token may do; without it opentofu, with --from as it is.',
    },
    identity: { type: 'string', value: 'USER@REALM!ID', help: 'The token; without it opentofu@pve!opentofu-token.' },
    role: { type: 'string', value: 'ROLE', help: 'The role that holds the privileges; without it opentofu-role.' },
    yes: { type: 'boolean', help: 'Take every default without asking; the host key is asked for all the same.' },
  },
  examples: [
    'init nuc.example.net',
    'init nuc.example.net --env prod --preset csi',
    'init 192.168.0.37 --host-key SHA256:... --fetch-ca --yes',
    'init --from ../consumer/terraform.tfvars',
    'init --app ../tokens',
  ],
  words: { least: 0, most: 1 },
  run,
};

async function run(given: Given, context: Context): Promise<number> {
  const [[host], file, app] = [given.words, given.value('from'), given.value('app')];
  if ([host, file, app].filter((one) => one !== undefined).length !== 1)
    throw new WrongUse('It takes a host, or a file with `--from`, or a folder with `--app`.');
  const { untilStopped } = await import('../until-stopped.js');
  const work = async () => {
    if (app !== undefined) return (await import('../init/app.js')).initApp(app, context);
    if (file !== undefined) return (await import('../init/from.js')).initFromFile(file, given, context);
    return (await import('../init/host.js')).initFromHost(host ?? '', given, context);
  };
  return untilStopped(context, work, 'Nothing was written: run it again.');
}
