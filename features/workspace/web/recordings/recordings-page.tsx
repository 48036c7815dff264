import type { ReactElement } from 'react';
import { Route, Switch } from 'wouter';
import { RecordingList } from './recording-list.tsx';
import { RECORDINGS_PATH } from './recordings-api.ts';
import { ReplayView } from './replay-view.tsx';
import './recordings.css';

/** `/recordings` lists, `/recordings/{id}` plays one. */
export function RecordingsPage(): ReactElement {
  return (
    <Switch>
      <Route path={`${RECORDINGS_PATH}/:id`}>{({ id }) => <ReplayView key={id} id={id} />}</Route>
      <Route>
        <RecordingList />
      </Route>
    </Switch>
  );
}
