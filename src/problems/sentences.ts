import { type AnalysisProblems, analysisSentences } from './sentences/analysis.ts';
import { type CheckProblems, checkSentences } from './sentences/check.ts';
import { type CliProblems, cliSentences } from './sentences/cli.ts';
import { type DoubtProblems, doubtSentences } from './sentences/doubts.ts';
import { type ExecuteProblems, executeSentences } from './sentences/execute.ts';
import { type FilesProblems, filesSentences } from './sentences/files.ts';
import { type LanguageProblems, languageSentences } from './sentences/language.ts';
import { type OnnxProblems, onnxSentences } from './sentences/onnx.ts';
import { type OperatorsProblems, operatorsSentences } from './sentences/operators.ts';
import { type SpecProblems, specSentences } from './sentences/spec.ts';
import type { Sentences } from './words.ts';

/** The values behind each problem, room by room. */
export interface ProblemData
  extends CliProblems,
    FilesProblems,
    SpecProblems,
    DoubtProblems,
    LanguageProblems,
    OperatorsProblems,
    AnalysisProblems,
    CheckProblems,
    ExecuteProblems,
    OnnxProblems {}

export type ProblemCode = keyof ProblemData;

/** One sentence or two for each problem: what is wrong, with the values, then what to do about it. */
export const sentences: Sentences<ProblemData> = {
  ...cliSentences,
  ...filesSentences,
  ...specSentences,
  ...doubtSentences,
  ...languageSentences,
  ...operatorsSentences,
  ...analysisSentences,
  ...checkSentences,
  ...executeSentences,
  ...onnxSentences,
};
