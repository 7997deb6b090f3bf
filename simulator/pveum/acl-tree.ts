/** The tree of ACL entries and the form of its paths. */
import { type AclNode, emptyAclNode } from './model';
import { atLeast, type Release } from './releases';
import { sorted, wholly } from './text';

export function nodeAt(root: AclNode, path: string): AclNode {
  let node = root;
  for (const part of path.split('/')) {
    if (part === '' || part === '0') continue;
    const child = node.children.get(part) ?? emptyAclNode();
    node.children.set(part, child);
    node = child;
  }
  return node;
}

export function eachNode(root: AclNode, visit: (path: string, node: AclNode) => void, path = '/'): void {
  visit(path, root);
  const prefix = path === '/' ? '' : path;
  for (const name of sorted(root.children.keys())) {
    const child = root.children.get(name);
    if (child) eachNode(child, visit, `${prefix}/${name}`);
  }
}

/** Folds slashes; undefined for what can be no path at all. */
export function normalizePath(text: string): string | undefined {
  if (text === '' || text === '0') return undefined;
  const folded = text.replace(/\/+/g, '/').replace(/\/(\n?)$/, '$1');
  const path = folded === '' ? '/' : folded.startsWith('/') ? folded : `/${folded}`;
  return /^[\p{L}\p{N}.\-_/]+\n?$/u.test(path) ? path : undefined;
}

const ALNUM = '[\\p{L}\\p{N}]+';
const NAME = '[\\p{L}\\p{N}.\\-_]+';
const POOL = '[A-Za-z0-9.\\-_]+';

const ALWAYS = [
  '/',
  '/access',
  '/access/groups',
  `/access/groups/${NAME}`,
  '/access/realm',
  `/access/realm/${NAME}`,
  '/nodes',
  `/nodes/${NAME}`,
  '/pool',
  '/sdn',
  `/sdn/zones/${NAME}`,
  '/storage',
  `/storage/${NAME}`,
  '/vms',
  '/vms/[1-9][0-9]{2,}',
];
const SINCE_8 = [
  `/pool/${POOL}(?:/${POOL}){0,2}`,
  '/sdn/controllers',
  '/sdn/controllers/[\\p{L}\\p{N}_\\-]+',
  '/sdn/dns',
  `/sdn/dns/${ALNUM}`,
  '/sdn/ipams',
  `/sdn/ipams/${ALNUM}`,
  '/sdn/zones',
  `/sdn/zones/${NAME}/${NAME}`,
  `/sdn/zones/${NAME}/${NAME}/[1-9][0-9]{0,3}`,
  '/mapping',
  `/mapping/${NAME}`,
  `/mapping/${NAME}/${NAME}`,
];
const SINCE_90 = ['/sdn/fabrics', `/sdn/fabrics/${ALNUM}`];
const SINCE_91 = ['/sdn/prefix-lists', `/sdn/prefix-lists/${ALNUM}`, '/sdn/route-maps', `/sdn/route-maps/${ALNUM}`];
const ONLY_7 = [`/pool/${NAME}`, `/sdn/vnets/${NAME}`];

/** Whether `acl modify` takes a normalized path; `acl delete` takes any. */
export function isAclPath(path: string, release: Release): boolean {
  const forms = [
    ...ALWAYS,
    ...(atLeast(release, '8.4') ? SINCE_8 : ONLY_7),
    ...(atLeast(release, '9.0') ? SINCE_90 : []),
    ...(atLeast(release, '9.1') ? SINCE_91 : []),
  ];
  return wholly(forms.join('|')).test(path);
}
