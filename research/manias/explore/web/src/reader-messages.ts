/** Sentences of the reader of own files, in the language of the page. */
import type { Part } from "./core/read/said";
import { inChinese } from "./core/read/zh";
import { language } from "./messages";

export const told = (said: Part): string => (language === "zh" ? inChinese(said) : String(said));
