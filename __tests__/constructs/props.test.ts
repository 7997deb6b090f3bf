import { Construct } from 'constructs';
import { expect, test } from 'vitest';
import { ProxmoxCluster, type ProxmoxClusterProps } from '../../constructs';
import { LEAST, synthesizeIn } from './support';

test('refuses every wrong prop at once, by construct path and property', () => {
  const make = () =>
    synthesizeIn(
      (stack) =>
        new ProxmoxCluster(new Construct(stack, 'site'), 'nuc', {
          endpoint: 'http://nuc',
          apiToken: 'tofu',
          attributes: { tags: ['${var.tag}'] },
          bootstrap: { role: 'r', privileges: [], onExisting: 'keep' as 'fail', acl: ['/'] as never },
        }),
    );
  expect(make).toThrowErrorMatchingInlineSnapshot(`
    [Refusal: ProxmoxCluster lab/site/nuc: 6 problems
    ProxmoxCluster lab/site/nuc: attributes.tags[0]: is an expression or a template
      why: A tfvars file holds literals: \`\${\`, \`%{\`, references and function calls are not evaluated, also not when escaped.
      fix: Write the value itself.
    ProxmoxCluster lab/site/nuc: endpoint: is not https, got: "http://nuc"
      why: The token would cross the network in clear.
      fix: Write endpoint: "https://nuc".
    ProxmoxCluster lab/site/nuc: apiToken: is not a token identity of the form user@realm!tokenid, got: "tofu"
      why: The node knows a token by user@realm!tokenid.
      fix: Write it like "opentofu@pve!opentofu-token".
    ProxmoxCluster lab/site/nuc: bootstrap.privileges: is empty
      why: A token of a role without privileges can do nothing.
      fix: Name at least one privilege.
    ProxmoxCluster lab/site/nuc: bootstrap.acl: holds paths alone
      why: An entry of it is a map: a path, and whether it propagates.
      fix: Write acl: [{ path: "/" }].
    ProxmoxCluster lab/site/nuc: bootstrap.onExisting: is not one of its values, got: "keep"
      why: There are "adopt", "rotate", "fail"; without the key it is "adopt".
      fix: Write onExisting: "adopt".]
  `);
});

test('refuses props that contradict each other in their own words', () => {
  const make = (bootstrap: ProxmoxClusterProps['bootstrap']) => () =>
    synthesizeIn((stack) => new ProxmoxCluster(stack, 'nuc', { ...LEAST, insecure: true, bootstrap }));
  expect(make({ caFile: 'ca.pem' })).toThrow('lab/nuc: bootstrap.caFile: contradicts insecure: true');
  expect(make({ manageAccess: false, role: 'r' })).toThrow('Leave role out, or set manageAccess: true in this entry.');
  expect(make({ ssh: { identityFile: '' } })).toThrow('Write identityFile: "~/.ssh/id_ed25519"');
  expect(make({ onExistng: 'fail' } as never)).toThrow(/bootstrap\.onExistng: is not a known key\n.*caFile, ssh\./);
});

test('refuses a reference to another resource: identifiers are checked before anything is deployed', () => {
  const make = () =>
    synthesizeIn((stack) => new ProxmoxCluster(stack, 'nuc', { ...LEAST, endpoint: 'https://${var.host}:8006' }));
  expect(make).toThrow(/literals/);
});
