import { ask } from '../settled';
import type { Drift } from './drift';
import type { OnNode, Sight } from './look';
import { finding, note, toldAs } from './remarks';
import { compareRights, listRights, wantedPrivileges } from './rights';
import type { PathRights, Remark, Row } from './row';

type Api = Pick<Row, 'accepted' | 'missing' | 'excess'> & { readonly remarks: readonly Remark[] };

/** What the API says of the token, held against what the entry wants of it. */
export function judgeApi({ entry, permissions }: Sight, seen: OnNode | undefined, drift: Drift): Api {
  const { access, identity } = entry;
  const [granted, refused] = ask(permissions);
  if (refused?.code === 'TOKEN_REFUSED') {
    // Where the node is as wanted, a repair finds nothing to do.
    const isRepaired = drift.places.length > 0;
    const remark = isRepaired
      ? finding('token-refused', refused.what, drift.command)
      : toldAs('finding', 'token-refused', refused);
    return { accepted: false, remarks: [remark] };
  }
  if (refused !== undefined) return { remarks: [toldAs('unseen', 'api-unseen', refused)] };
  if (granted === undefined) return { remarks: [] };
  const wanted = seen && wantedPrivileges(access, seen.found);
  if (wanted === undefined) return { accepted: true, remarks: [] };
  const { missing, excess } = compareRights(access, wanted, granted);
  return { accepted: true, missing, excess, remarks: remarksOn(identity, missing, excess, drift) };
}

function remarksOn(
  identity: string,
  missing: readonly PathRights[],
  excess: readonly PathRights[],
  { places, command }: Drift,
): Remark[] {
  const less = `${identity} lacks ${listRights(missing)}.`;
  const hidden = 'Another ACL entry of its user, its groups or the token hides ours: see `pveum acl list`.';
  const remarks: Remark[] = [];
  if (missing.length > 0)
    remarks.push(
      places.includes('node')
        ? finding('privileges-missing', less, command)
        : finding('privileges-missing', `${less} ${hidden}`),
    );
  // Its user may have more from a group, say: that is for others to decide.
  if (excess.length > 0)
    remarks.push(note('privileges-excess', `${identity} may do more than its entry says: ${listRights(excess)}.`));
  return remarks;
}
