/** The texts of another language: the same keys, without the plural forms that only English has. A missing key is a type error. */
export type Translation<T> = {
	readonly [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Translation<T[K]>;
};
