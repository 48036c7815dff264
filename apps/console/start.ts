import { firstPageAt } from '@krateyard/ui/page/first-page';
import { firstPages as vmsPages } from '@krateyard/vms/web/first-pages';
import { firstPages as workspacePages } from '@krateyard/workspace/web/first-pages';
import { askEarly } from './early-session.ts';

/**
 * The document's first script, small so that it runs while React and the frame are still on their way: who is there and the code
 * of the page at this address do not wait for them.
 */
const pages = [...workspacePages, ...vmsPages];

askEarly();
firstPageAt(pages, location.pathname)
  ?.load()
  .catch(() => {
    // The page asks again when it is shown, and knows what to do then.
  });
