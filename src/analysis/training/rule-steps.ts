import { sum } from '../../core/exact.ts';
import { elements } from '../../core/shape.ts';
import type { OperatorName } from '../../operators/registry.ts';
import { bugIn, type Convention, countRow, isUnproven } from '../conventions/convention.ts';
import { networkFacts } from '../conventions/network-facts.ts';
import { quantities } from '../conventions/quantities.ts';
import type { Analysis, CostRow } from '../cost.ts';
import type { Change } from '../explain.ts';

/** From three times the forward pass to what a rule of training counts, by what the rule counts otherwise than products. */

/** What a rule counts of a layer, or of a part of what it does. */
interface Piece {
  readonly row: CostRow;
  readonly kind: Kind;
  readonly says: bigint;
  /** What its products are by the rule's own reckoning. */
  readonly products: bigint;
}

/** What is counted otherwise, in the order in which it is told. */
const KINDS = {
  tables: () => 'tables, of which rows are looked up, not multiplied',
  parameters: () => 'parameters that nothing multiplies',
  biases: () => 'biases, which are added, not multiplied',
  tied: (pieces) => `logits, whose weights are the embedding’s: ${portion(pieces)}`,
  logits: (pieces) => `logits: ${portion(pieces)}`,
  attention: (pieces) => `products of attention: ${portion(pieces)}`,
  weights: (pieces) => `products with weights: ${portion(pieces)}`,
} as const satisfies Readonly<Record<string, (pieces: readonly Piece[]) => string>>;

type Kind = keyof typeof KINDS;

/** As what part of the products the rule counts them. */
function portion(pieces: readonly Piece[]): string {
  const isAll = (part: bigint, whole: bigint): boolean => pieces.every(({ says, products }) => whole * says === part * products);
  if (isAll(0n, 1n)) return 'not counted';
  if (isAll(1n, 2n)) return 'half of them, as causal';
  if (isAll(2n, 1n)) return 'twice as many';
  if (isAll(3n, 4n)) return 'not done again';
  return pieces.every(isForEveryToken) ? 'as if every token went through them' : 'otherwise';
}

/** A pooler has fewer positions than there are tokens. */
const isForEveryToken = ({ row, says, products }: Piece): boolean =>
  says * row.macs === products * row.activeParameters * networkFacts(row.graph).tokens;

const biasesOf = ({ weights }: CostRow): bigint =>
  sum(Object.entries(weights).flatMap(([role, { learned, shape }]) => (learned && /(^| )bias$/.test(role) ? [elements(shape)] : [])));

function kindOf(row: CostRow): Kind {
  if (row.macs === 0n) return quantities.looked_up.of(row) > 0n ? 'tables' : 'parameters';
  if (quantities.tied.of(row) > 0n) return 'tied';
  if (networkFacts(row.graph).head === row.node) return 'logits';
  return Object.keys(row.weights).length === 0 ? 'attention' : 'weights';
}

/** What a rule counts of a layer; its biases and its products of attention apart, where it counts each by itself. */
function piecesOf(convention: Convention, perMac: bigint, row: CostRow): Piece[] {
  const [says, products] = [countRow(convention, row), perMac * row.macs];
  if (says === products) return [];
  const biases = perMac * biasesOf(row) * networkFacts(row.graph).tokens;
  const together = perMac * quantities.products.of(row);
  for (const ofBiases of biases === 0n ? [0n] : [0n, biases])
    for (const ofAttention of together === 0n ? [0n] : [together, together / 2n, 2n * together, 0n])
      if (says === products - together + ofAttention + ofBiases)
        return [
          { row, kind: 'biases' as const, says: ofBiases, products: 0n },
          { row, kind: 'attention' as const, says: ofAttention, products: together },
        ].filter((piece) => piece.says !== piece.products);
  return [{ row, kind: kindOf(row), says, products }];
}

function stepOf(convention: Convention, kind: Kind, pieces: readonly Piece[], operator: OperatorName): Change[] {
  const some = pieces.filter((piece) => piece.kind === kind && piece.row.operator === operator);
  if (some.length === 0) return [];
  return [
    {
      because: `${operator}: ${KINDS[kind](some)}`,
      change: sum(some.map(({ says, products }) => says - products)),
      operator,
      layers: some.length,
      bugs: [...new Set(some.flatMap(({ row }) => bugIn(convention, row) ?? []))],
      isUnproven: isUnproven(convention, operator) && some.some(({ says }) => says > 0n),
    },
  ];
}

const FLOPS_PER_MAC = 2n;
const PER_MAC = 3n * FLOPS_PER_MAC;

/** The whole forward pass once more, for rules that count it so. */
const again = ({ rows, totals }: Analysis): Change => ({
  because: 'the whole forward pass done again',
  change: FLOPS_PER_MAC * totals.macs,
  operator: undefined,
  layers: rows.filter(({ macs }) => macs > 0n).length,
  bugs: [],
  isUnproven: false,
});

/** The changes add up to what the convention counts less six for each multiply-accumulate, exactly. */
export function ruleSteps(convention: Convention, analysis: Analysis): Change[] {
  const isAgain = convention.recomputes === true;
  const perMac = isAgain ? PER_MAC + FLOPS_PER_MAC : PER_MAC;
  const pieces = analysis.rows.flatMap((row) => piecesOf(convention, perMac, row));
  const operators = [...new Set(pieces.map(({ row }) => row.operator))];
  return [
    ...(isAgain ? [again(analysis)] : []),
    ...(Object.keys(KINDS) as Kind[]).flatMap((kind) => operators.flatMap((operator) => stepOf(convention, kind, pieces, operator))),
  ];
}
