import { Type, type Static } from 'typebox';

/** What the cells of a column are, and so how they are sorted and set. `date` cells are milliseconds since the epoch. */
export const ColumnType = Type.Union([
  Type.Literal('text'),
  Type.Literal('number'),
  Type.Literal('date'),
  Type.Literal('quantity'),
  Type.Literal('status'),
]);
export type ColumnType = Static<typeof ColumnType>;

/** A column as it travels. `jsonPath` stands for columns that a CRD declares; built-in columns are found by `name`. */
export const ColumnInfo = Type.Object({
  name: Type.String({ description: 'Lower case, unique in its kind; what `sort` takes.' }),
  title: Type.String(),
  type: ColumnType,
  priority: Type.Number({ description: '0 always shown, above 0 where there is room (kubectl: -o wide).' }),
  lead: Type.Optional(Type.Boolean({ description: 'Names the row; where no column does, the first.' })),
  description: Type.Optional(Type.String()),
  jsonPath: Type.Optional(Type.String()),
});
export type ColumnInfo = Static<typeof ColumnInfo>;
