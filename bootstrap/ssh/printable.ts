/** Text that somebody else may have written, fit for a terminal: control characters, and what is not ASCII, become `?`. */
export const printable = (text: string, most: number): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, most);
