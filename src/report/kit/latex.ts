const COMMANDS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '×': '$\\times$',
  '·': '$\\cdot$',
  '…': '\\ldots{}',
};

/** Text that means nothing but itself in LaTeX. */
export const latexText = (text: string): string =>
  text.replace(/[\\~^×·…{}$&#_%]/g, (sign) => COMMANDS[sign] ?? `\\${sign}`).replace(/\s+/g, ' ');
