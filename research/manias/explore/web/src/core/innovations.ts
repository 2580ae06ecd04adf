/** Verdicts counted: y a boom and bust, n none, u unknown or too weakly told. */
export interface VerdictCounts {
  yes: number;
  no: number;
  unknown: number;
  /** Among those that are known; NaN where none is. */
  rate: number;
}

export function countVerdicts(verdicts: string[]): VerdictCounts {
  const yes = verdicts.filter((v) => v === "y").length;
  const no = verdicts.filter((v) => v === "n").length;
  return { yes, no, unknown: verdicts.length - yes - no, rate: yes + no ? yes / (yes + no) : NaN };
}
