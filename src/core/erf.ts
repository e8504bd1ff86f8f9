/** Coefficients of a Chebyshev approximation of erfc, constant first: Numerical Recipes, section 6.2, to 1.2e-7 of the value. */
const COEFFICIENTS = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277,
] as const;

/** The error function, as exact as single precision. */
export function erf(x: number): number {
  const t = 1 / (1 + Math.abs(x) / 2);
  const exponent = COEFFICIENTS.reduceRight<number>((sum, coefficient) => sum * t + coefficient, 0);
  const complement = t * Math.exp(exponent - x * x);
  return x < 0 ? complement - 1 : 1 - complement;
}
