/** Why the file system refuses, in words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'its folder is a file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'no file may be that large',
  EIO: 'the disk fails',
  EMFILE: 'too many files are open',
  ENXIO: 'nobody reads the pipe',
  ELINKOUT: 'its folder is a link that leads out of the current folder',
  ELOOP: 'its links form a circle',
  ENAMETOOLONG: 'its name is too long',
  ERR_INVALID_ARG_VALUE: 'its name contains characters that no file name can have',
};

export const reasonOf = ({ code = 'unknown' }: NodeJS.ErrnoException): string => REASONS[code] ?? code;
