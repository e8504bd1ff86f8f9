import type { CheckResult } from '../../analysis/check/result.ts';
import { wellFormed } from '../html/html.ts';
import { toJson } from '../kit/json-text.ts';
import { type Finding, findings } from './finding.ts';

/** A check as a report of code quality. Source: docs.gitlab.com, Code Quality, "Code Quality report format". */

const severityOf = ({ kind, level }: Finding): string => (kind === 'problem' ? 'critical' : level === 'error' ? 'major' : 'minor');

/** What is about no file is about the configuration, where the command line is written down. */
const NO_FILE = '.gitlab-ci.yml';

export const checkGitlab = (result: CheckResult): string =>
  toJson(
    findings(result).map((finding) => ({
      description: wellFormed(`${finding.title}. ${finding.message}`),
      check_name: `flopwise/${finding.rule}`,
      fingerprint: finding.fingerprint,
      severity: severityOf(finding),
      location: { path: wellFormed(finding.file ?? NO_FILE), lines: { begin: finding.position?.line ?? 1 } },
    })),
  );
