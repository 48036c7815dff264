import type { ReactElement } from 'react';
import { strings } from '../strings.ts';
import './loading-rows.css';

/** The shape of what comes: no spinner. */
export function LoadingRows(): ReactElement {
  return (
    <div className="loading-rows" role="status" aria-label={strings.loading}>
      {Array.from({ length: 16 }, (_, index) => (
        <div key={index} className="loading-row" aria-hidden="true" />
      ))}
    </div>
  );
}
