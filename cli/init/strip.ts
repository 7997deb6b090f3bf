/** Takes secrets out of the text of a tfvars file, and leaves everything else to the byte. */
import { changeComments } from './statements';

const IDENTITY = /([A-Za-z0-9_][A-Za-z0-9._+-]*@[A-Za-z][A-Za-z0-9._-]+![A-Za-z][A-Za-z0-9._-]+)/;
/** Of a token everything behind the identity is secret, whatever it looks like. */
const TOKEN = new RegExp(`${IDENTITY.source}[^\\S\\n]*=[^\\S\\n]*[^\\s"'\`,;)\\]}]*`, 'g');
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

export function stripSecrets(text: string): { readonly text: string; readonly count: number } {
  let count = 0;
  const bare = text.replace(TOKEN, (_, identity: string) => {
    count += 1;
    return identity;
  });
  // A comment may hold a secret by itself: an old one, or one behind a name of its own.
  return { text: changeComments(bare, (comment) => comment.replace(UUID, '(removed)')), count };
}
