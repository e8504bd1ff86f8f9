import pkg from '../../package.json' with { type: 'json' };

/** The version of flopwise, as package.json has it. */
export const version: string = pkg.version;
