import { createRoot } from 'react-dom/client';
import { applyTheme } from '@krateyard/ui/look/theme';
import '@krateyard/ui/look/fonts.css';
import '@krateyard/ui/look/tokens.css';
import '@krateyard/ui/look/base.css';
import { Console } from './console.tsx';
import { startSession } from './session-store.ts';

applyTheme();
createRoot(document.querySelector('#console')!).render(<Console />);
void startSession();
