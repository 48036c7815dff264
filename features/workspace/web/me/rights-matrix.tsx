import type { ReactElement } from 'react';
import { StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import type { KindRights } from '../../contract/rights-api.ts';
import { meStrings } from './me-strings.ts';
import { cellOf, COLUMN_VERBS, furtherOf, type CellState } from './rights-rows.ts';

/** Kinds × verbs. */
export function RightsMatrix(props: {
  readonly rows: readonly KindRights[];
  readonly label: string;
}): ReactElement {
  const { rows, label } = props;
  return (
    <div className="rights-scroll">
      <table className="rights" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{meStrings.kind}</th>
            {COLUMN_VERBS.map((verb) => (
              <th key={verb} scope="col">
                {verb}
              </th>
            ))}
            <th scope="col">{meStrings.also}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.kind.path} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row }: { readonly row: KindRights }): ReactElement {
  const { kind } = row;
  const further = furtherOf(row);
  return (
    <tr>
      <th scope="row">
        {kind.kind} <small>{kind.group}</small>
      </th>
      {COLUMN_VERBS.map((verb) => (
        <td key={verb} data-verb={verb}>
          <Cell cell={cellOf(row, verb)} />
        </td>
      ))}
      <td className="rights-more">
        {further.map(({ of, subresource, verbs }) => (
          <span key={of} title={meStrings.mayAlso(verbs.join(', '), of)}>
            {subresource !== undefined && <code>{subresource}</code>} {verbs.join(', ')}
          </span>
        ))}
      </td>
    </tr>
  );
}

function Cell({ cell }: { readonly cell: CellState }): ReactElement {
  switch (cell.state) {
    case 'allowed':
      return (
        <span title={meStrings.allowed}>
          <StatusMark word="Running" />
          <span className="only-spoken">{meStrings.allowed}</span>
        </span>
      );
    case 'some':
      return (
        <span title={meStrings.some(cell.names.join(', '))}>
          <StatusMark word="Pending" />
          <span className="only-spoken">{meStrings.some(cell.names.join(', '))}</span>
        </span>
      );
    case 'refused':
      return (
        <span className="rights-no" title={meStrings.notAllowed}>
          <span aria-hidden="true">·</span>
          <span className="only-spoken">{meStrings.notAllowed}</span>
        </span>
      );
    case 'none':
      return <span className="only-spoken">{meStrings.unknownVerb}</span>;
  }
}
