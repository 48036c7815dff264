import { Component, type ReactNode } from 'react';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { strings } from '../strings.ts';

/** Keeps a page's failure to that page: the frame and the way out of it stay. */
export class PageGuard extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Notice
        icon="boxes"
        tone="bad"
        title={strings.crashTitle}
        actions={
          <button type="button" onClick={() => location.reload()}>
            {strings.reload}
          </button>
        }
      >
        <p>{strings.crash}</p>
      </Notice>
    );
  }
}
