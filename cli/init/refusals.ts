import { Refusal } from '../../contract/refusal';

const unchanged = { unchanged: true };

export const hostKeyUnconfirmed = (place: string, type: string, fingerprint: string) =>
  new Refusal(
    'HOST_KEY_UNCONFIRMED',
    `${place} shows a host key that is not known here, got: ${fingerprint} (${type}).`,
    'Nobody has confirmed it, and another machine could answer in its place. No login was attempted.',
    `Compare it on the node's console (\`${keygen(type)}\`). If it is the same, add \`--host-key ${fingerprint}\`.`,
    unchanged,
  );

/** What prints the fingerprint of that key on the node. */
export function keygen(type: string): string {
  const name = type === 'ssh-rsa' ? 'rsa' : type.startsWith('ecdsa') ? 'ecdsa' : 'ed25519';
  return `ssh-keygen -lf /etc/ssh/ssh_host_${name}_key.pub`;
}

export const apiElsewhere = ({ code, what, why }: Refusal) =>
  new Refusal(
    code,
    what,
    why,
    'Name the address under which consumers reach the API: `--endpoint https://NAME:8006`.',
    unchanged,
  );

export const certificateUntrusted = ({ code, what, why }: Refusal, offersCa: boolean) =>
  new Refusal(
    code,
    what,
    why,
    offersCa
      ? "Add `--fetch-ca`: the cluster's own CA, fetched over SSH, signed it. Or name a CA with `--ca FILE`, or give up checking with `--insecure`."
      : 'Name the CA that signed it with `--ca FILE`, or another address with `--endpoint`, or give up checking with `--insecure`.',
    unchanged,
  );

export const entryExists = (name: string, file: string) =>
  new Refusal(
    'ENTRY_EXISTS',
    `${file} has a cluster \`${name}\` already.`,
    'An entry that is there is never changed by this command.',
    'Edit the file, or choose another name with `--name`.',
    unchanged,
  );

export const caFileDiffers = (file: string) =>
  new Refusal(
    'CA_FILE_DIFFERS',
    `${file} holds other certificates than this cluster's CA.`,
    'Another entry may rely on them.',
    'Name it with `--ca` if it is right, or remove it, or choose another name for the entry with `--name`.',
    unchanged,
  );

export const fileUnreadable = (file: string, reason: string) =>
  new Refusal(
    'FILE_UNREADABLE',
    `${file} cannot be read: ${reason}.`,
    'It was to be taken over.',
    'Check the path.',
    unchanged,
  );

export const envExists = (file: string) =>
  new Refusal(
    'ENV_EXISTS',
    `${file} is there already.`,
    'A file that is taken over becomes an env file of its own.',
    'Choose another name with `--env`.',
    unchanged,
  );

export const notAGuidesFile = (file: string) =>
  new Refusal(
    'FROM_UNKNOWN',
    `${file} holds neither a map of clusters \`proxmox\` nor a token \`user@realm!tokenid=secret\`.`,
    'These two are known: proxmox = { nuc = { api_token = "..." } } and proxmox_api_token = "...".',
    'Start from a node instead: `proxmox-tokens init HOST`.',
    unchanged,
  );

export const oneClusterAlone = (file: string) =>
  new Refusal(
    'FROM_FLAT',
    `\`proxmox\` in ${file} is one cluster, not a map of clusters.`,
    'An env file, and the file that a deploy writes, have a name for each cluster.',
    'Write proxmox = { nuc = { ... } } around it, and var.proxmox["nuc"] where it is read.',
    unchanged,
  );

export const endpointMissing = (file: string) =>
  new Refusal(
    'ENDPOINT_MISSING',
    `${file} names no address of the API.`,
    'The node is reached at its host, and the token is tried there.',
    'Add `--endpoint https://NAME:8006`.',
    unchanged,
  );

export const appFolderTaken = (folder: string) =>
  new Refusal(
    'APP_FOLDER_TAKEN',
    `${folder} is not empty.`,
    'An app of your own begins in a folder of its own, and nothing that is there is changed.',
    'Name another folder.',
    unchanged,
  );

export const packFailed = (reason: string) =>
  new Refusal(
    'PACK_FAILED',
    `\`npm pack\` of this package failed: ${reason}`,
    'The app gets the package as an archive beside it.',
    'See that `npm` is on the PATH and that the folder can be written, then run it again.',
  );
