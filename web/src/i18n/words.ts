/** The same keys as the English texts, each with a text: a missing or a surplus key does not compile. */
export type Words<Texts> = { [Key in keyof Texts]: Texts[Key] extends string ? string : Words<Texts[Key]> };
