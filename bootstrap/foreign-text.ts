const SECRET = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/**
 * Text that somebody else may have written, as one line for a message. What is not printable ASCII becomes `?`, line breaks too:
 * who wants lines splits it first. What looks like a secret is masked before the text is cut, so that no half of one is left.
 */
export const printable = (text: string, most = 500): string =>
  text
    .replace(/[^\x20-\x7e]/gu, '?')
    .replace(SECRET, '********')
    .slice(0, most);
