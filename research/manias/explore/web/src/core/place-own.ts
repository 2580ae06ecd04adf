/** Rise of a file's spending as it would be placed, or what is wrong with it. */
import { ownPath, riseTo } from "./own";
import { InputError, readTable, refuseNotPositive, seriesOf } from "./read";

export async function placeOwn(name: string, bytes: number[]): Promise<unknown> {
  try {
    const reading = await readTable(name, Uint8Array.from(bytes));
    const series = seriesOf(reading);
    refuseNotPositive(reading);
    const path = ownPath(series);
    return path ? { over: path.over, rise: riseTo(path, 3), level: path.share[path.share.length - 1] } : null;
  } catch (error) {
    if (error instanceof InputError) return { refused: error.message };
    throw error;
  }
}
